import type { Log } from '../log.js'
import type { Clock } from '../ports.js'
import { REFUSALS_PAUSE_MS } from './bounds.js'

/** Why a client was turned away before anybody knew who it is. */
export type RefusalKind =
  /** What it sent is no frame of this protocol, or has no place there. */
  | 'frames'
  /** It did not say in time who it is. */
  | 'handshakes'
  /** The head of its request is too large, too slow or none at all. */
  | 'heads'
  /** There is no room for its connection, or not for one more from there. */
  | 'connections'

/**
 * Counts clients that were refused, and logs the counts once a minute as long as there are any: a
 * flood of them is one line a minute and no flood of lines. Without ids or addresses.
 */
export class Refusals {
  readonly #clock: Clock
  readonly #log: Log
  #counts = none()
  #cancel: (() => void) | undefined

  constructor(options: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = options.clock
    this.#log = options.log
  }

  count(kind: RefusalKind): void {
    this.#counts[kind]++
    this.#cancel ??= this.#clock.after(REFUSALS_PAUSE_MS, () => this.tell())
  }

  /** Logs what was counted since the last line, now: also when the relay closes. */
  tell(): void {
    if (this.#cancel === undefined) return
    this.#cancel()
    this.#cancel = undefined
    this.#log.warn('clients.refused', this.#counts)
    this.#counts = none()
  }
}

function none(): Record<RefusalKind, number> {
  return { frames: 0, handshakes: 0, heads: 0, connections: 0 }
}
