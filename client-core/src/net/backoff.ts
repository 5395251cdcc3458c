import type { Clock, Random } from '../ports.js'

export const BACKOFF_BASE_MS = 500
export const BACKOFF_MS_MAX = 60_000
/** A connection that held this long starts the count anew. */
export const BACKOFF_HELD_MS = 5_000
/** However long a relay asks for, it is asked again after this long. */
export const BACKOFF_MINIMUM_MS_MAX = 15 * 60_000

/**
 * How long to wait before connecting again: exponential with full jitter, uniform in
 * [0, min(60 s, 500 ms × 2^n)), so that the clients of a relay that went away do not come back in
 * step. A relay that drops everybody just after authenticating is not hammered either: only a
 * connection that held 5 s resets the count.
 */
export class Backoff {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #random: Pick<Random, 'fraction'>
  #failures = 0
  #onlineSinceMs: number | undefined

  constructor(ports: {
    readonly clock: Pick<Clock, 'monotonicMs'>
    readonly random: Pick<Random, 'fraction'>
  }) {
    this.#clock = ports.clock
    this.#random = ports.random
  }

  /** Attempts since a connection last held, the present one included. */
  get attempt(): number {
    return this.#failures + 1
  }

  /** The connection is authenticated. */
  online(): void {
    this.#onlineSinceMs = this.#clock.monotonicMs()
  }

  /**
   * The attempt failed or the connection is lost: the delay before the next, at least `minimumMs`,
   * which is what the relay asked for. The jitter comes on top, for it asked everybody the same.
   */
  next(minimumMs = 0): number {
    if (this.#held()) this.#failures = 0
    this.#onlineSinceMs = undefined
    const ceilingMs = Math.min(BACKOFF_MS_MAX, BACKOFF_BASE_MS * 2 ** Math.min(this.#failures, 16))
    this.#failures += 1
    const leastMs = Math.min(Math.max(minimumMs, 0), BACKOFF_MINIMUM_MS_MAX)
    return leastMs + Math.floor(this.#random.fraction() * ceilingMs)
  }

  #held(): boolean {
    return (
      this.#onlineSinceMs !== undefined &&
      this.#clock.monotonicMs() - this.#onlineSinceMs >= BACKOFF_HELD_MS
    )
  }
}
