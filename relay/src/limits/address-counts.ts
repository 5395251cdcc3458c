/** How many of something there are from one network address just now. Nothing is kept of who has left. */
export class AddressCounts {
  readonly #counts = new Map<string, number>()

  of(address: string): number {
    return this.#counts.get(address) ?? 0
  }

  /** One more; call what is answered once when it is gone. */
  enter(address: string): () => void {
    this.#add(address, 1)
    return () => this.#add(address, -1)
  }

  #add(address: string, change: 1 | -1): void {
    const count = this.of(address) + change
    if (count > 0) this.#counts.set(address, count)
    else this.#counts.delete(address)
  }
}
