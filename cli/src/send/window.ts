/**
 * What is under way, in the order it was begun: at most `size` at a time, so that whoever begins
 * more waits until the first has been taken.
 */
export class Window<Item> {
  readonly #size: number
  readonly #items: Item[] = []
  #state: 'open' | 'ended' | 'closed' = 'open'
  readonly #wakers: (() => void)[] = []

  constructor(size: number) {
    this.#size = size
  }

  /** Resolves when there is room for one more; false when nobody takes any more. */
  async room(): Promise<boolean> {
    while (this.#state === 'open' && this.#items.length >= this.#size) await this.#change()
    return this.#state === 'open'
  }

  put(item: Item): void {
    this.#items.push(item)
    this.#wake()
  }

  /** Nothing more is put. */
  end(): void {
    this.#state = 'ended'
    this.#wake()
  }

  /** Nothing more is taken. */
  close(): void {
    this.#state = 'closed'
    this.#wake()
  }

  /** The items in order; what was yielded has its room until the next is asked for. */
  async *take(): AsyncGenerator<Item, void> {
    for (;;) {
      const [first] = this.#items
      if (first === undefined) {
        if (this.#state !== 'open') return
        await this.#change()
        continue
      }
      yield first
      this.#items.shift()
      this.#wake()
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wakers.push(resolve))
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake()
  }
}
