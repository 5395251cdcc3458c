import { randomInt } from 'node:crypto'

import { asSottoError, BusyError, equalBytes } from '@sotto/protocol'

import type { FirstRunAction, FirstRunEffect } from '../model/first-run/action.js'
import type { Availability, ChosenRelay, PrivateRelay } from '../model/first-run/state.js'
import { SecretLine } from './secret-line.js'

/** What a first run has done outside of itself. Each throws only SottoErrors. */
export interface FirstRunServices {
  /** Where a private relay rests, or would. */
  readonly relayFolder: string
  /** Asks a relay what it is; answers with its address, its root key in it, and how it is joined. */
  greet(relay: string): Promise<Pick<ChosenRelay, 'address' | 'needsCode' | 'needsWork'>>
  /** Starts the private relay of this person, or finds it running. */
  startRelay(): Promise<PrivateRelay>
  isFree(relay: string, username: string): Promise<boolean>
  findKeyPlace(): Promise<'keyring' | 'file'>
  /** Makes the account, or goes on with one that was begun like it. Wipes the passphrase. */
  make(wanted: {
    readonly relay: string
    readonly username: string
    readonly code: string | undefined
    readonly passphrase: Uint8Array | undefined
  }): Promise<void>
}

export type FirstRunWork = Exclude<
  FirstRunEffect,
  { readonly kind: 'suspend' | 'redraw' | 'done' | 'quit' }
>

export function isWork(effect: FirstRunEffect): effect is FirstRunWork {
  const others: readonly FirstRunEffect['kind'][] = ['suspend', 'redraw', 'done', 'quit']
  return !others.includes(effect.kind)
}

/** A relay is asked about a name once nobody has typed for so long. */
const TYPING_MS = 400
/** A relay answers an address 60 times an hour: so many are for this first run. */
const LOOKUPS_MAX = 40
/** So many other numbers are tried for a name that is taken. */
const OTHERS_MAX = 3
const NUMBERS = { from: 10, to: 1_000 }

/** What a first run wants done, done: effects go in, actions come back. */
export class FirstRunLink {
  readonly #services: FirstRunServices
  readonly #dispatch: (action: FirstRunAction) => void
  readonly #typed = new SecretLine()
  #first: Uint8Array | undefined
  #lookingUp: NodeJS.Timeout | undefined
  #lookups = 0
  #asked = ''

  constructor(services: FirstRunServices, dispatch: (action: FirstRunAction) => void) {
    this.#services = services
    this.#dispatch = dispatch
  }

  run(effect: FirstRunWork): void {
    switch (effect.kind) {
      case 'greet': {
        const { turn, relay, invite } = effect
        void this.#answer(turn, async () => {
          const greeted = await this.#services.greet(relay)
          return { kind: 'relay', turn, chosen: { ...greeted, invite, own: undefined } }
        })
        return
      }
      case 'start-relay': {
        const { turn } = effect
        void this.#answer(turn, async () => {
          const own = await this.#services.startRelay()
          const { address } = own
          const chosen = {
            ...{ address, invite: undefined, own },
            ...{ needsCode: false, needsWork: false },
          }
          return { kind: 'relay', turn, chosen }
        })
        return
      }
      case 'ask-username':
        this.#askSoon(effect.relay, effect.username)
        return
      case 'find-key-place':
        void this.#answer(0, async () => {
          return { kind: 'key-place', place: await this.#services.findKeyPlace() }
        })
        return
      case 'secret':
        this.#secret(effect)
        return
      case 'make':
        this.#make(effect)
        return
    }
  }

  /** What is typed blindly, as a whole. Wiped by whoever typed it. */
  type(secret: Uint8Array): void {
    this.#typed.type(Buffer.from(secret).toString())
  }

  close(): void {
    clearTimeout(this.#lookingUp)
    this.#forget()
  }

  async #answer(turn: number, work: () => Promise<FirstRunAction>): Promise<void> {
    let action: FirstRunAction
    try {
      action = await work()
    } catch (thrown) {
      action = { kind: 'refused', turn, error: asSottoError(thrown) }
    }
    this.#dispatch(action)
  }

  /** Only what was typed last, and nothing twice at once. */
  #askSoon(relay: string, username: string): void {
    const asked = `${relay} ${username}`
    if (this.#asked === asked) return
    this.#asked = asked
    clearTimeout(this.#lookingUp)
    this.#lookingUp = setTimeout(() => {
      void this.#availability(relay, username).then((availability) => {
        if (this.#asked === asked) this.#asked = ''
        this.#dispatch({ kind: 'username', username, availability })
      })
    }, TYPING_MS)
  }

  async #availability(relay: string, username: string): Promise<Availability> {
    try {
      if (await this.#isFree(relay, username)) return { state: 'free' }
    } catch (thrown) {
      return { state: 'unknown', error: asSottoError(thrown) }
    }
    return { state: 'taken', instead: await this.#instead(relay, username) }
  }

  /** The same name with other numbers. Of those that the relay does not tell of nothing is said. */
  async #instead(relay: string, username: string): Promise<readonly string[]> {
    const name = username.replace(/\.\d+$/, '')
    const others = Array.from({ length: OTHERS_MAX }, () => {
      return `${name}.${String(randomInt(NUMBERS.from, NUMBERS.to))}`
    })
    const free: string[] = []
    for (const other of new Set(others)) {
      // What the relay does not say is not offered: that it does not was told of the name itself.
      const isFree = await this.#isFree(relay, other).catch(() => false)
      if (isFree) free.push(other)
    }
    return free
  }

  async #isFree(relay: string, username: string): Promise<boolean> {
    this.#lookups += 1
    if (this.#lookups <= LOOKUPS_MAX) return this.#services.isFree(relay, username)
    throw new BusyError('relay/rate-limited', 'enough names were asked about')
  }

  #secret({ change, text }: Extract<FirstRunEffect, { readonly kind: 'secret' }>): void {
    switch (change) {
      case 'forget':
        this.#forget()
        return
      case 'enter':
        this.#dispatch({ kind: 'secret', is: this.#entered() })
        return
      case 'type':
      case 'erase':
      case 'wipe':
        this.#typed.change(change, text)
    }
  }

  #entered(): 'empty' | 'first' | 'same' | 'different' {
    const typed = this.#typed.take()
    const first = this.#first
    if (typed.length === 0) return 'empty'
    if (first === undefined) {
      this.#first = typed
      return 'first'
    }
    const isSame = equalBytes(first, typed)
    typed.fill(0)
    if (!isSame) this.#forget()
    return isSame ? 'same' : 'different'
  }

  #make({
    turn,
    relay,
    username,
    code,
    isLocked,
  }: Extract<FirstRunEffect, { kind: 'make' }>): void {
    const passphrase = isLocked ? this.#first : undefined
    if (isLocked) this.#first = undefined
    void this.#answer(turn, async () => {
      await this.#services.make({ relay, username, code, passphrase })
      return { kind: 'made', turn }
    })
  }

  #forget(): void {
    this.#typed.wipe()
    this.#first?.fill(0)
    this.#first = undefined
  }
}
