import type { UiState } from '../../model/state.js'
import type { Look } from '../../rows/look.js'
import { plainRow } from '../../rows/plain-row.js'
import type { Row } from '../../rows/row.js'

/** What just happened; undefined: nothing that is not seen yet. */
export function toastRow({ toasts }: Pick<UiState, 'toasts'>, look: Look): Row | undefined {
  const toast = toasts.at(-1)
  if (toast === undefined) return undefined
  const role = toast.tone === 'bad' ? 'bad' : toast.tone === 'good' ? 'good' : 'accent'
  return plainRow([{ text: ` ${toast.text}`, role }], look)
}
