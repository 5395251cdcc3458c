import type { AccountId, DeviceId } from '@sotto/protocol'
import { directConversation } from '../conversation/conversation-id.js'
import type { Core } from '../core.js'
import type { EventStream } from '../event-stream.js'
import type { Typist } from '../inbox/passing.js'
import type { EventObject } from '../objects.js'

/** Who has not said so again by then writes no more. */
export const TYPING_MS_MAX = 15_000

interface Writing {
  readonly device: DeviceId
  readonly cancel: () => void
}

/**
 * Who is writing to us, in memory only: told when they say so, again while it lasts, and when it ends,
 * which it does by itself, or with what they wrote. Nobody but contacts, and nobody at all while it is
 * switched off.
 */
export class Typists {
  readonly #core: Core
  readonly #events: Pick<EventStream, 'publish' | 'typing' | 'isHeard'>
  readonly #writing = new Map<AccountId, Writing>()

  constructor(core: Core, events: Pick<EventStream, 'publish' | 'typing' | 'isHeard'>) {
    this.#core = core
    this.#events = events
  }

  hear(typist: Typist): void {
    const { account, device, started } = typist
    if (!started) this.#end(account)
    else if (this.#isWorthTelling(typist)) this.#begin(account, device)
  }

  /** Before what they wrote is told, and when nothing of them shall be. */
  journalled(event: EventObject): void {
    if (event.type === 'message.received') this.#end(event.sender.id)
    if (event.type === 'contact.changed' && !this.#isWelcome(event.contact.id))
      this.#end(event.contact.id)
  }

  endAll(): void {
    for (const account of [...this.#writing.keys()]) this.#end(account)
  }

  /** Nobody is told any more. */
  stop(): void {
    for (const { cancel } of this.#writing.values()) cancel()
    this.#writing.clear()
  }

  #begin(account: AccountId, device: DeviceId): void {
    this.#writing.get(account)?.cancel()
    const cancel = this.#core.ports.clock.after(TYPING_MS_MAX, () => this.#end(account))
    this.#writing.set(account, { device, cancel })
    this.#tell('typing.started', account, device) // Again, for whoever has come to listen since.
  }

  #end(account: AccountId): void {
    const writing = this.#writing.get(account)
    if (writing === undefined) return
    writing.cancel()
    this.#writing.delete(account)
    this.#tell('typing.stopped', account, writing.device)
  }

  #tell(type: 'typing.started' | 'typing.stopped', account: AccountId, device: DeviceId): void {
    const { views } = this.#core
    const conversation = views.conversationWith(account)
    this.#events.typing({ type, conversation, sender: views.sender(account, device) })
  }

  /** Somebody listens, it is of now, and they have not said it since. */
  #isWorthTelling({ account, arrivalMs }: Typist): boolean {
    if (!this.#events.isHeard || !this.#isWelcome(account)) return false
    const { own, relayNowMs, store } = this.#core
    if (relayNowMs() - arrivalMs > TYPING_MS_MAX) return false
    const last = store.read.messages.last(directConversation(own.account, account).id)
    return last?.author !== account || last.arrivalMs < arrivalMs
  }

  #isWelcome(account: AccountId): boolean {
    const contact = this.#core.store.read.contacts.byAccount(account)
    return (
      this.#core.account.typing &&
      contact?.trust === 'known' &&
      !contact.blocked &&
      contact.successor === null
    )
  }
}
