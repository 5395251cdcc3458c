/** A line each time they say so would be most of what is read aloud. */
const LINE_MS_MIN = 60_000

/** That somebody is typing, as lines that are printed once: in one conversation one a minute. */
export class LineTyping {
  readonly #saidMs = new Map<string, number>()

  /** Whether it is a line, in the conversation that is open. */
  isLine({ id }: { readonly id: string }, nowMs: number): boolean {
    const saidMs = this.#saidMs.get(id)
    if (saidMs !== undefined && nowMs - saidMs < LINE_MS_MIN) return false
    this.#saidMs.clear() // Only one is open at a time.
    this.#saidMs.set(id, nowMs)
    return true
  }
}
