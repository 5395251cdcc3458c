/**
 * The single file in which all session work of a device runs. Two stages open at once on one
 * session would use a message key twice and lose a message; in the lane there is only ever one.
 */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()
  #entered = 0

  /** Runs `work` after everything before it has ended, whether that succeeded or not. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#entered += 1
    const turn = this.#last.then(work, work).finally(() => (this.#entered -= 1))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** Nobody is in it, and nobody waits to be. */
  get isIdle(): boolean {
    return this.#entered === 0
  }

  /** Resolves when everything that entered so far has ended. */
  async idle(): Promise<void> {
    await this.#last
  }
}
