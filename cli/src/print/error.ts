import type { ErrorObject } from '@sotto/protocol'
import { safeLine, safeLines, type Paint } from '@sotto/tui'

/** What happened, its code, and below it what to do. */
export function renderError(error: ErrorObject, paint: Paint): string {
  const fixes = error.fix === '' ? [] : safeLines(error.fix).map((line) => `  ${line}`)
  const what = `${paint.bad('error:')} ${safeLine(error.message)}  ${paint.dim(`[${error.code}]`)}`
  return [what, ...fixes].join('\n')
}
