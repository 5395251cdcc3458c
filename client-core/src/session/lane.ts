/**
 * The single file in which all session work of a device runs. Two stages open at once on one
 * session would use a message key twice and lose a message; in the lane there is only ever one.
 */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `work` after everything before it has ended, whether that succeeded or not. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** Resolves when everything that entered so far has ended. */
  async idle(): Promise<void> {
    await this.#last
  }
}
