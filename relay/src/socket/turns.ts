/**
 * Does what it is given in the order in which it came, a few each turn of the event loop. When
 * thousands come at the same moment, those who are connected are served in between, and whoever was
 * begun with is done before the next: otherwise all would wait as long as the last.
 */
export class Turns {
  readonly #each: number
  #waiting: (() => void)[] = []
  #next = 0

  /** `each` is how many a turn begins. */
  constructor(each: number) {
    this.#each = each
  }

  /** Not done before this turn of the event loop has ended. */
  add(work: () => void): void {
    if (this.#waiting.push(work) === 1) setImmediate(() => this.#turn())
  }

  #turn(): void {
    const end = Math.min(this.#next + this.#each, this.#waiting.length)
    while (this.#next < end) this.#waiting[this.#next++]?.()
    if (this.#next < this.#waiting.length) {
      setImmediate(() => this.#turn())
      return
    }
    this.#waiting = []
    this.#next = 0
  }
}
