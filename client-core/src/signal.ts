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
}
