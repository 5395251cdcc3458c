import type { Clock } from '../ports.js'

export const SLEEP_TICK_MS = 5_000
/** Time that nobody was awake for; a busy event loop is late by less. */
export const SLEEP_MS_MIN = 10_000

/**
 * Notices that the machine slept, or the process was stopped, or the clock was set: between two
 * ticks one of the clocks has gone on for much longer than the tick. While asleep timers stand still
 * on some systems and sockets die unheard, so `woke` is the moment to look at them.
 */
export class SleepWatch {
  readonly #clock: Clock
  readonly #woke: () => void
  #cancel: () => void = () => undefined

  constructor(clock: Clock, woke: () => void) {
    this.#clock = clock
    this.#woke = woke
  }

  start(): void {
    const before = { wallMs: this.#clock.nowMs(), monotonicMs: this.#clock.monotonicMs() }
    this.#cancel = this.#clock.after(SLEEP_TICK_MS, () => {
      const wallMs = this.#clock.nowMs() - before.wallMs
      const monotonicMs = this.#clock.monotonicMs() - before.monotonicMs
      this.start()
      const late = Math.max(Math.abs(wallMs - SLEEP_TICK_MS), monotonicMs - SLEEP_TICK_MS)
      if (late >= SLEEP_MS_MIN) this.#woke()
    })
  }

  stop(): void {
    this.#cancel()
  }
}
