import type { Bytes } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Delivered } from '../net/identified-door.js'
import type { UnsealThread } from '../ports.js'

/** A batch of so many is part of a backlog. */
const BACKLOG_MIN = 64
/** So many batches of a backlog in a row are worth a thread. */
const BATCHES_MIN = 2
/** Handed over together. */
const TOGETHER = 8
/** Handed over and not yet taken, in such lots: bounds what is copied, 64 KiB an envelope. */
const LOTS_AHEAD = 4

/** What was inside an envelope's outer seals, where a thread was asked and could tell. */
export type Unsealed = (delivered: Delivered) => Promise<Bytes | undefined>

/**
 * While a backlog is opened, a thread takes the outer seals off the envelopes of a batch, some ahead
 * of the lane, which goes on with them in order. It has no store and decides nothing: what it does
 * not answer is unsealed in the lane as ever. It is given only what is noted as being opened, so that
 * a death of it is laid at the right door.
 */
export class Unsealing {
  readonly #core: Core
  #thread: UnsealThread | undefined
  #batches = 0

  constructor(core: Core) {
    this.#core = core
  }

  /** Begins with the envelopes of a batch, which are noted; asked for in that order. */
  async begin(envelopes: readonly Delivered[]): Promise<Unsealed> {
    this.#batches = envelopes.length < BACKLOG_MIN ? 0 : this.#batches + 1
    if (this.#batches < BATCHES_MIN) return notUnsealed
    if (this.#thread === undefined || this.#thread.state === 'ended')
      this.#thread = await this.#start()
    return this.#thread?.state === 'ready' ? ahead(this.#thread, envelopes) : notUnsealed
  }

  end(): void {
    this.#thread?.end()
  }

  async #start(): Promise<UnsealThread | undefined> {
    const { account, device, identity } = this.#core.own
    const identityPair = identity.serialize()
    try {
      return await this.#core.ports.startUnsealThread?.({ account, device, identityPair })
    } finally {
      identityPair.fill(0) // The thread has a copy.
    }
  }
}

/** The lane opens the first lot by itself, so that it need not wait for the next. */
function ahead(thread: UnsealThread, envelopes: readonly Delivered[]): Unsealed {
  const places = new Map(envelopes.map((delivered, place) => [delivered, place]))
  const lots: Promise<readonly (Bytes | undefined)[]>[] = [Promise.resolve([])]
  const askUpTo = (last: number): void => {
    for (let lot = lots.length; lot <= last && lot * TOGETHER < envelopes.length; lot++) {
      const these = envelopes.slice(lot * TOGETHER, (lot + 1) * TOGETHER)
      lots.push(thread.unseal(these.map(({ body }) => body)))
    }
  }
  askUpTo(LOTS_AHEAD)
  return async (delivered) => {
    const place = places.get(delivered)
    if (place === undefined) return undefined
    const lot = Math.floor(place / TOGETHER)
    askUpTo(lot + LOTS_AHEAD)
    return (await lots[lot])?.[place % TOGETHER]
  }
}

const notUnsealed: Unsealed = () => Promise.resolve(undefined)
