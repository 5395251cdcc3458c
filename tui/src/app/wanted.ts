/**
 * What is wanted read, and read one time after the other: what is wanted meanwhile is gathered and
 * read once that is there, so that no answer overtakes a newer one. More than `max` of it, or what
 * could not be read, is all of it.
 */
export class Wanted<Item> {
  readonly #max: number
  readonly #read: (what: 'all' | readonly Item[]) => Promise<void>
  #items = new Set<Item>()
  #isAll = false
  #isReading = false

  constructor(max: number, read: (what: 'all' | readonly Item[]) => Promise<void>) {
    this.#max = max
    this.#read = read
  }

  /** Resolves when all that is wanted by then has been read, at once where that is under way. Throws what `read` does. */
  async want(what: 'all' | readonly Item[]): Promise<void> {
    if (what === 'all') this.#isAll = true
    else for (const item of what) this.#items.add(item)
    if (this.#isReading) return
    this.#isReading = true
    try {
      while (this.#isAll || this.#items.size > 0) await this.#readNext()
    } finally {
      this.#isReading = false
    }
  }

  async #readNext(): Promise<void> {
    const what = this.#isAll || this.#items.size > this.#max ? 'all' : [...this.#items]
    this.#items = new Set()
    this.#isAll = false
    try {
      await this.#read(what)
    } catch (thrown) {
      this.#isAll = true // With whatever is wanted next.
      throw thrown
    }
  }
}
