import type { EventObject } from '@sotto/client-core'
import { asSottoError, type SottoError } from '@sotto/protocol'

import { isMessage } from '../model/alerts.js'
import type { Action } from '../model/action.js'
import type { Effect } from '../model/effect.js'
import { isNamed } from '../model/notify-rule.js'
import type { ScreenClient } from './screen-client.js'
import { SecretLine } from './secret-line.js'

/** How an account is closed while its screen is locked, and opened again. */
export interface Locking {
  /** Closes it where only a passphrase opens it again, and says what does; else leaves it open. */
  close(): Promise<'passphrase' | 'key'>
  /**
   * Opens what was closed with what was typed, and wipes that. Throws `store/passphrase-wrong`,
   * `store/passphrase-needed`, and whatever opening an account may throw.
   */
  reopen(typed: Uint8Array): Promise<void>
}

export type LockEffect = Extract<Effect, { readonly kind: 'forget' | 'lock' | 'unlock' | 'secret' }>

/** What a locked screen does: closes the account, holds what is typed, and tells that something came. */
export class LockKeeper {
  readonly #client: ScreenClient
  readonly #locking: Locking | undefined
  readonly #dispatch: (action: Action) => void
  readonly #typed = new SecretLine()
  #under: 'passphrase' | 'key' = 'key'
  #unsubscribe: () => void = () => undefined

  constructor(
    client: ScreenClient,
    locking: Locking | undefined,
    dispatch: (action: Action) => void,
  ) {
    this.#client = client
    this.#locking = locking
    this.#dispatch = dispatch
  }

  /** `save` comes first. What cannot be saved or closed is told, and nothing is shown all the same. */
  async lock(save: () => Promise<void>): Promise<void> {
    const failed = await failureOf(save)
    const notClosed = await failureOf(() => this.#close())
    if (this.#under === 'key')
      this.#unsubscribe = this.#client.subscribe((event) => this.#hear(event))
    this.#dispatch({ kind: 'locked', under: this.#under })
    const error = failed ?? notClosed
    if (error !== undefined) this.#dispatch({ kind: 'not-unlocked', error })
  }

  secret({ change, text }: Extract<Effect, { readonly kind: 'secret' }>): void {
    this.#typed.change(change, text)
  }

  /** `begin` comes between the account being open and the screen being told. */
  async unlock(begin: () => void): Promise<void> {
    const typed = this.#typed.take()
    const error = await failureOf(async () => {
      if (this.#under === 'passphrase') await this.#locking?.reopen(typed)
    })
    typed.fill(0)
    if (error !== undefined) {
      this.#dispatch({ kind: 'not-unlocked', error })
      return
    }
    this.#unsubscribe()
    begin()
    this.#dispatch({ kind: 'unlocked' })
  }

  async #close(): Promise<void> {
    this.#under = 'key'
    await this.#client.call('store.forgetRead', {})
    this.#under = (await this.#locking?.close()) ?? 'key'
  }

  #hear(event: EventObject): void {
    if (!isMessage(event) || event.message.silent === true) return
    const { conversation, message } = event
    const named = isNamed(message.text, this.#client.account.username)
    this.#dispatch({ kind: 'came', conversation: conversation.id, isNamed: named })
  }
}

async function failureOf(work: () => Promise<void>): Promise<SottoError | undefined> {
  try {
    await work()
    return undefined
  } catch (thrown) {
    return asSottoError(thrown)
  }
}
