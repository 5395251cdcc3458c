/**
 * Calls that name one recipient are composed in the order they were made, although one of them may
 * have to look somebody up first. Calls with nobody in common do not wait for each other.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Runs `work` when every earlier call with one of these keys has ended. */
  async take<Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const before = keys.flatMap((key) => this.#last.get(key) ?? [])
    const turn = before.length === 0 ? work() : Promise.all(before).then(work)
    const ended = turn.then(
      () => undefined,
      () => undefined,
    )
    for (const key of keys) this.#last.set(key, ended)
    await ended
    for (const key of keys) if (this.#last.get(key) === ended) this.#last.delete(key)
    return turn
  }
}
