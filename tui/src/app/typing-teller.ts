import type { ConversationId } from '@sotto/protocol'

import { reference, type Effect } from '../model/effect.js'
import type { ScreenClient } from './screen-client.js'

type Typing = Extract<Effect, { readonly kind: 'typing' }>

/** The key that began it is painted first, and the next is not kept waiting by what sealing takes. */
const BEHIND_KEYS_MS = 50

/** Tells the core where something is being written. Nobody hears whether it was told. */
export class TypingTeller {
  readonly #client: ScreenClient
  #beginning: NodeJS.Timeout | undefined
  /** Where it was told that we write. */
  #told: ConversationId | undefined

  constructor(client: ScreenClient) {
    this.#client = client
  }

  tell({ conversation, started }: Typing): void {
    clearTimeout(this.#beginning)
    if (!started) {
      this.stop()
      return
    }
    this.#beginning = setTimeout(() => {
      this.#told = conversation
      this.#say(conversation, true)
    }, BEHIND_KEYS_MS)
  }

  /** At once: whoever leaves or locks has no time. What was not told yet is not. */
  stop(): void {
    clearTimeout(this.#beginning)
    const told = this.#told
    this.#told = undefined
    if (told !== undefined) this.#say(told, false)
  }

  #say(conversation: ConversationId, started: boolean): void {
    const said = this.#client.call('conversation.typing', {
      ...{ conversation: reference(conversation), started },
    })
    said.catch(() => undefined) // An owner that is older or gone: nobody misses it.
  }
}
