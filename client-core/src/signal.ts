import type { Clock } from './ports.js'

/** Wakes whoever waits, each time something may have changed. Says nothing about what. */
export class Signal {
  #waiters: (() => void)[] = []

  fire(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  /** Resolves at the next `fire`. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => this.#waiters.push(resolve))
  }

  /** Resolves at the next `fire`, or when `ms` have passed. */
  async nextWithin(ms: number, clock: Pick<Clock, 'after'>): Promise<void> {
    let cancel = (): void => undefined
    const timeout = new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve)
    })
    await Promise.race([this.next(), timeout])
    cancel()
  }
}
