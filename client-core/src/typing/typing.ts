import type { Core } from '../core.js'
import type { EventStream } from '../event-stream.js'
import type { Typist } from '../inbox/passing.js'
import type { EventObject } from '../objects.js'
import { Telling, type TellingOptions } from './telling.js'
import { Typists } from './typists.js'

/** Who is writing, both ways. Nothing of it is stored: with the process it is over. */
export class Typing {
  readonly #core: Core
  readonly #telling: Telling
  readonly #typists: Typists

  constructor(options: TellingOptions & { readonly events: EventStream }) {
    this.#core = options.core
    this.#telling = new Telling(options)
    this.#typists = new Typists(options.core, options.events)
  }

  /** Events are wanted although nobody listens: one of them would end what we told. */
  get isTelling(): boolean {
    return this.#telling.isTelling
  }

  /** We write in a conversation, or no more. `Telling.tell` says what becomes of it. */
  async tell(conversation: string, started: boolean): Promise<void> {
    await this.#telling.tell(conversation, started)
  }

  hear(typist: Typist): void {
    this.#typists.hear(typist)
  }

  /** Before the event is told. */
  journalled(event: EventObject): void {
    this.#telling.journalled(event)
    this.#typists.journalled(event)
  }

  /** Whether it is told may be otherwise now. */
  switched(): void {
    if (!this.#core.account.typing) this.#typists.endAll()
  }

  stop(): void {
    this.#telling.stop()
    this.#typists.stop()
  }
}
