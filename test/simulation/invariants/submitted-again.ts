import type { EventObject } from '@sotto/client-core'
import type { Finding } from '../history.js'

/** A text that its author's machine submitted again when it heard that the relay was put back. */
interface SubmittedAgain {
  /** Between the relay's taking it and the last time that it was submitted again, by its author's clock. */
  readonly ageMs: number
  readonly times: number
  /** The last time, by its author's clock. */
  readonly lastMs: number
}

/**
 * Texts that a relay had accepted when its being put back was noted, and nobody had been seen to receive:
 * just these are submitted again. By the id of the message, as the author's journal tells of it.
 */
export function submittedAgain({ journal }: Finding): ReadonlyMap<string, SubmittedAgain> {
  const acceptedMs = new Map<string, number>()
  const again = new Map<string, SubmittedAgain>()
  for (const event of journal) {
    if (event.type === 'message.status') noteStatus(acceptedMs, event)
    if (event.type !== 'gap' || event.reason !== 'relay-restored') continue
    for (const [id, atMs] of acceptedMs) {
      const times = (again.get(id)?.times ?? 0) + 1
      const lastMs = Date.parse(event.ts)
      again.set(id, { ageMs: lastMs - atMs, times, lastMs })
    }
  }
  return again
}

function noteStatus(
  acceptedMs: Map<string, number>,
  event: Extract<EventObject, { readonly type: 'message.status' }>,
): void {
  const { id, status } = event.message
  if (status === 'accepted') acceptedMs.set(id, Date.parse(event.ts))
  else acceptedMs.delete(id)
}
