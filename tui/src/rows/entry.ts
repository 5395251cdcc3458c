import type { HistoryObject, TimelineEventObject } from '@sotto/client-core'
import type { EventId, MessageId } from '@sotto/protocol'

/** A message as the timeline shows it. */
export type ShownMessage = HistoryObject

/** One thing of a conversation, oldest first. */
export type Entry =
  | {
      readonly kind: 'message'
      readonly id: MessageId
      /** Another whenever the object is another: what was laid out before is not shown again. */
      readonly revision: number
      readonly object: ShownMessage
    }
  | {
      readonly kind: 'event'
      readonly id: EventId
      readonly revision: number
      readonly object: TimelineEventObject
    }

/** Unix milliseconds; what is no time, which nobody should be able to send, is the beginning of time. */
export function timeOf(entry: Entry): number {
  const at = entry.kind === 'message' ? entry.object.message.sentAt : entry.object.ts
  const atMs = Date.parse(at)
  return Number.isNaN(atMs) ? 0 : atMs
}
