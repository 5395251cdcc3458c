/** More places than the programs have. */
const BLOCKS_MAX = 1 << 17

declare global {
  /** Where instrumented modules count: instrument.ts writes the calls. */
  var sottoBlocks: Blocks
}

/**
 * How often each block of the instrumented modules ran since the last `clear`. How often is told in
 * eight steps, as AFL does, so that a loop that runs three times is news after one that ran once.
 */
export class Blocks {
  readonly #hits = new Uint8Array(BLOCKS_MAX)
  readonly #words = new BigUint64Array(this.#hits.buffer)
  /** One bit for each step that was ever reached. */
  readonly #reached = new Uint8Array(BLOCKS_MAX)
  #end = 0
  #reachedCount = 0

  /** Called by each instrumented module as it begins: its blocks have numbers below `end`. */
  join(end: number): Uint8Array {
    this.#end = Math.max(this.#end, end)
    return this.#hits
  }

  /** Blocks that some input reached. */
  get reachedCount(): number {
    return this.#reachedCount
  }

  clear(): void {
    this.#hits.fill(0, 0, this.#end)
  }

  /** Whether anything ran, since `clear`, that no earlier input made run so often. Learns it. */
  learn(): boolean {
    let isNews = false
    for (const [block, step] of this.#steps()) {
      const before = this.#reached[block] ?? 0
      if ((before & step) !== 0) continue
      if (before === 0) this.#reachedCount++
      this.#reached[block] = before | step
      isNews = true
    }
    return isNews
  }

  /** The blocks that ran since `clear`, however often. */
  ran(): ReadonlySet<number> {
    return new Set([...this.#steps()].map(([block]) => block))
  }

  /** Nothing was ever reached: a target begins. */
  forget(): void {
    this.#reached.fill(0)
    this.#reachedCount = 0
  }

  *#steps(): Generator<readonly [number, number]> {
    const words = Math.ceil(this.#end / 8)
    for (let word = 0; word < words; word++) {
      if (this.#words[word] === 0n) continue
      for (let block = word * 8; block < word * 8 + 8; block++) {
        const hits = this.#hits[block] ?? 0
        if (hits > 0) yield [block, stepOf(hits)]
      }
    }
  }
}

function stepOf(hits: number): number {
  if (hits <= 3) return 1 << (hits - 1)
  if (hits <= 7) return 8
  if (hits <= 15) return 16
  if (hits <= 31) return 32
  return hits <= 127 ? 64 : 128
}
