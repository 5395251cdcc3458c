import type { ErrorObject } from '@sotto/client-core'
import type { SottoError } from '@sotto/protocol'
import { safeLine, safeLines, type Paint } from '@sotto/tui'

/** An error as scripts read it. */
export function errorObject(error: SottoError): ErrorObject {
  return {
    code: error.code,
    message: error.message,
    fix: error.fix,
    exit: error.exitCode,
    retryable: error.retryable,
    retryAfterMs: error.retryAfterMs ?? null,
  }
}

/** What happened, its code, and below it what to do. */
export function renderError(error: ErrorObject, paint: Paint): string {
  const fixes = error.fix === '' ? [] : safeLines(error.fix).map((line) => `  ${line}`)
  const what = `${paint.bad('error:')} ${safeLine(error.message)}  ${paint.dim(`[${error.code}]`)}`
  return [what, ...fixes].join('\n')
}
