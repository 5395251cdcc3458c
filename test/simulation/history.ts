import type { EventObject, MessageObject, OutboxObject } from '@sotto/client-core'
import type { Backup } from '@sotto/relay'
import type { MessageId } from '@sotto/protocol'
import type { Refusal } from './prober.js'
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
   * was said that it was not sent; `given up`: not answered for so long that repeating is not safe.
   */
  state: 'asked' | 'sent' | 'refused' | 'given up'
  /** In the time of its world. */
  readonly askedMs: number
}

/** A message that is written anew, deleted and reacted to, as the person who wrote it remembers it. */
export interface Changeable extends Sending {
  /** Undefined until its machine has answered. */
  message: MessageId | undefined
  /** What its author asked for last, and whether their machine has said that it is so. */
  wish: { readonly text: string | null; isGranted: boolean } | undefined
}

/** Of a message in a conversation, what invariants look at. */
export interface Shown {
  readonly message: Pick<MessageObject, 'text' | 'status'> &
    Partial<Pick<MessageObject, 'id' | 'deleted' | 'reactions'>>
}

/** What one person finds on their machine in the end. */
export interface Finding {
  readonly name: string
  /** Its account id, as in `acct:…`. */
  readonly account: string
  /** Every event, in the order of the journal. */
  readonly journal: readonly EventObject[]
  /** By the name of the other. */
  readonly conversations: ReadonlyMap<string, readonly Shown[]>
  readonly outbox: readonly OutboxObject[]
  /** One-time private keys on its disk, both kinds together. */
  readonly oneTimePrekeys: number
}

/** An event as a bot hears it, the moment it is told. */
export interface Heard {
  readonly name: string
  readonly atMs: number
  readonly event: EventObject
}

/** The operator's hand: a backup is made, or the disk put back to the last one. */
export interface DiskMark {
  readonly kind: 'backup' | 'restore'
  /** How many records there were just then. */
  readonly records: number
}

/** Everything that invariants may look at: what was asked for, what was answered, what was found. */
export interface History {
  readonly sendings: readonly Sending[]
  /** None of the sendings: no invariant but one asks what their texts are. */
  readonly changeables: readonly Changeable[]
  readonly records: readonly StoreRecord[]
  readonly marks: readonly DiskMark[]
  readonly heard: readonly Heard[]
  readonly findings: readonly Finding[]
  /** Pairs, `by of`: somebody was blocked at some time, and what they wrote was dropped unread. */
  readonly blocks: ReadonlySet<string>
  /** What no fault explains: an unhandled rejection, a broken assertion. */
  readonly bugs: readonly string[]
  /** What the relay did that an honest one does not, in order. */
  readonly lies: readonly string[]
  /** Pairs, `one as other`: who asked for the one’s username was given the other’s account. */
  readonly swapped: ReadonlySet<string>
  /** Of the sendings, those that were written when the relay did not lie any more. */
  readonly afterwards: readonly Sending[]
  /** The relay’s database in the end, by table. */
  readonly relayRows: Backup
  /** Words that belong to people and to nobody else. */
  readonly markers: readonly string[]
  readonly refusals: readonly Refusal[]
  /** The relay’s clock jumped ahead at some time. */
  readonly relayWasAhead: boolean
  /** Nothing was left to do before everybody ran out of patience. */
  readonly isAtPeace: boolean
  /** Timers that were set: when everybody had come online, and in the end. */
  readonly timers: { readonly before: number; readonly after: number }
}
