import type { Bytes } from '@sotto/protocol'
import type { Context } from '../context.js'
import type { Connection } from './connection.js'
import { ephemeralFrame } from './frames.js'

type Needs = Pick<Context, 'clock' | 'limits' | 'pressure'>
type Way = Pick<Connection, 'isBuffered' | 'send'>

interface Held {
  readonly body: Bytes
  readonly arrivalMs: number
}

/**
 * Envelopes that are worth nothing later, on their way to one connected device: in memory only, few,
 * and not for long. Everything else goes first: while a slow reader holds its deliveries up they
 * wait, the oldest gives way to the newest, and those that have waited too long are dropped.
 */
export class Ephemerals {
  readonly #context: Needs
  readonly #connection: Way
  #held: readonly Held[] = []

  constructor(context: Needs, connection: Way) {
    this.#context = context
    this.#connection = connection
  }

  add(held: Held): void {
    this.#held = [...this.#held, held].slice(-this.#context.limits.mailboxEphemerals)
    this.flush()
  }

  /** There may be room in the socket. */
  flush(): void {
    if (this.#held.length === 0 || this.#connection.isBuffered) return
    const { clock, limits, pressure } = this.#context
    const freshMs = clock.nowMs() - limits.ephemeralMs
    const fresh = pressure.refuses('ephemeral')
      ? []
      : this.#held.filter(({ arrivalMs }) => arrivalMs >= freshMs)
    this.#held = []
    for (const { body, arrivalMs } of fresh) this.#connection.send(ephemeralFrame(body, arrivalMs))
  }
}
