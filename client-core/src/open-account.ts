import type { MessageId } from '@sotto/protocol'
import type { Connection } from './connection.js'
import type { ClaimLookups } from './conversation/claim-lookups.js'
import type { Core } from './core.js'
import type { EventStream } from './event-stream.js'
import type { AnonymousDoor } from './net/anonymous-door.js'
import type { Turns } from './outbox/turns.js'
import type { OutboxWorker } from './outbox/worker.js'
import type { Signal } from './signal.js'
import type { Typing } from './typing/typing.js'

/** An account that is open in this process, as its methods see it. */
export interface OpenAccount {
  readonly core: Core
  readonly anonymous: AnonymousDoor
  readonly claims: ClaimLookups
  readonly connection: Connection
  readonly worker: OutboxWorker
  readonly events: EventStream
  /** In which order calls are composed. */
  readonly turns: Turns
  /** Who is writing, both ways. */
  readonly typing: Pick<Typing, 'tell' | 'switched'>
  /** Fired whenever something may have changed: a commit, an attempt, the end of the backlog. */
  readonly changed: Signal
  /** The folder's label says what the store says: whose account it is. */
  relabel(): void
  /**
   * Whether the relay has a message that the store still holds as queued. For calls that come over
   * the socket: their next one finds it recorded. Who calls in this process waits for the store.
   */
  isAccepted(message: MessageId): boolean
  /** Everything that waited at the relay when we connected is committed here. */
  isCaughtUp(): boolean
  /** Throws what ended the account: a store that failed, a device that was removed, `close`. */
  check(): void
}
