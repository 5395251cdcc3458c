import type { EventObject, HistoryObject, OutboxObject } from '@sotto/client-core'
import type { StoreRecord } from './relay-host.js'

/** A text that somebody wrote, as the person who wrote it remembers it. */
export interface Sending {
  readonly number: number
  readonly from: string
  readonly to: string
  /** Unlike any other in this world, so that it can be found wherever it should not be. */
  readonly text: string
  /** What makes repeating it safe: `send --id`. */
  readonly id: string
  /**
   * `asked`: no answer yet, so it is asked again; `sent`: durable, says its process; `refused`: it
   * was said that it was not sent.
   */
  state: 'asked' | 'sent' | 'refused'
}

/** What one person finds on their machine in the end. */
export interface Finding {
  readonly name: string
  /** Every event, in the order of the journal. */
  readonly journal: readonly EventObject[]
  /** By the name of the other. */
  readonly conversations: ReadonlyMap<string, readonly HistoryObject[]>
  readonly outbox: readonly OutboxObject[]
}

/** Everything that invariants may look at: what was asked for, what was answered, what was found. */
export interface History {
  readonly sendings: readonly Sending[]
  readonly records: readonly StoreRecord[]
  readonly findings: readonly Finding[]
  /** When the relay was put back to a backup, and when that backup was made. */
  readonly restores: readonly { readonly atMs: number; readonly backedUpAtMs: number }[]
  /** What no fault explains: an unhandled rejection, a broken assertion. */
  readonly bugs: readonly string[]
  /** Every row of the relay's database in the end. */
  readonly relayDump: Uint8Array
}
