import type { Bytes } from '@sotto/protocol'

/** A stream of numbers that its seed decides: sfc32, as good as a schedule needs. Not for secrets. */
export class Prng {
  #a: number
  #b: number
  #c: number
  #counter = 1

  /** `label` makes another stream of the same seed. */
  constructor(seed: number, label = '') {
    this.#a = seed | 0
    this.#b = Math.trunc(seed / 2 ** 32) | 0
    this.#c = hashOf(label)
    for (let round = 0; round < 15; round++) this.#next()
  }

  /** Uniform in [0, 1). */
  fraction(): number {
    return (this.#next() >>> 0) / 2 ** 32
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit)
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  /** One of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** The index of one of these weights, as often as it weighs. */
  weighted(weights: readonly number[]): number {
    let left = this.fraction() * weights.reduce((sum, weight) => sum + weight, 0)
    const index = weights.findIndex((weight) => (left -= weight) < 0)
    return index === -1 ? weights.length - 1 : index
  }

  bytes(length: number): Bytes {
    return Uint8Array.from({ length }, () => this.#next() & 0xff)
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash
}
