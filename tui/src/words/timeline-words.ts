import type { TimelineEventObject } from '@sotto/client-core'

/** What stands between the messages of a conversation, and what it means. Names are safe to print. */
export interface TimelineWords {
  /** Behind its time. */
  readonly line: (event: TimelineEventObject, name: string) => string
  readonly title: string
  /** What happened, what it means and what can be done, a paragraph each. */
  readonly why: (event: TimelineEventObject, name: string) => readonly string[]
}
