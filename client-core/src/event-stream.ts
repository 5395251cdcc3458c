import { eventId } from '@sotto/protocol'
import { timestamp } from './times.js'
import type { Core } from './core.js'
import type { AccountPart, ConnectionState, ConversationObject, EventObject } from './objects.js'

type TypingType = 'typing.started' | 'typing.stopped'

/** Who listens, and what is told without being kept. Told only after the commit. */
export class EventStream {
  readonly #core: Pick<Core, 'ports' | 'account'>
  readonly #listeners = new Set<(event: EventObject) => void>()

  constructor(core: Pick<Core, 'ports' | 'account'>) {
    this.#core = core
  }

  subscribe(listener: (event: EventObject) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether anybody hears: what nobody hears need not be read. */
  get isHeard(): boolean {
    return this.#listeners.size > 0
  }

  /**
   * Tells every listener. What one of them throws is a bug of its own and ends the process as one;
   * it does not stop the others, nor what has just been committed from being acknowledged.
   */
  publish(event: EventObject): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event)
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown
        })
      }
    }
  }

  connectionState(state: ConnectionState, retryAfterMs: number | undefined): void {
    const event = { ...this.#unstored(), type: 'connection.state' as const, state }
    this.publish(retryAfterMs === undefined ? event : { ...event, retryAfterMs })
  }

  conversationChanged({ id, kind, name }: ConversationObject): void {
    const conversation = { id, kind, name }
    this.publish({ ...this.#unstored(), type: 'conversation.changed', conversation })
  }

  accountChanged(changed: AccountPart): void {
    this.publish({ ...this.#unstored(), type: 'account.changed', changed })
  }

  typing(
    told: Pick<Extract<EventObject, { type: TypingType }>, 'type' | 'conversation' | 'sender'>,
  ): void {
    this.publish({ ...this.#unstored(), ...told })
  }

  backlogDone(): void {
    this.publish({ ...this.#unstored(), type: 'backlog.done' })
  }

  /** What every event says, for one without a place in the journal. */
  #unstored(): Pick<EventObject, 'id' | 'ts' | 'account'> {
    const { ports, account } = this.#core
    return {
      id: eventId(ports.random.bytes(8), 0),
      ts: timestamp(ports.clock.nowMs()),
      account: account.username ?? account.account,
    }
  }
}
