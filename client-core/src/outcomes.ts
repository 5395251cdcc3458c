import type { EventObject, SendObject } from './objects.js'

/** What `message.send` waits for, in order. */
export type WaitLevel = 'queued' | 'accepted' | 'delivered' | 'read'

/**
 * A sent text with the exit code that cli.md gives it: 0, 79 queued, 80, 81 some failed,
 * 85 not seen in time, or a recipient's own failure.
 */
export interface SendOutcome {
  readonly result: SendObject
  readonly exitCode: number
}

/** A part of the journal, and how far it reaches: rows of what is gone since are left out. */
export interface JournalPage {
  readonly events: readonly EventObject[]
  /** The seq of the last row looked at; where it is the one asked for, there is nothing more. */
  readonly through: number
}
