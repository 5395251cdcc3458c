const BYTES_AT_FIRST = 256

/** Bytes that gather over many reads: the first `max` are kept, the rest only counted. */
export class BoundedBytes {
  readonly #max: number
  #bytes = new Uint8Array(0)
  #kept = 0
  #seen = 0

  constructor(max: number) {
    this.#max = max
  }

  /** How many came. */
  get seen(): number {
    return this.#seen
  }

  get truncated(): boolean {
    return this.#seen > this.#kept
  }

  /** What was kept: a view, valid until more is appended. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#kept)
  }

  append(bytes: Uint8Array): void {
    this.#seen += bytes.length
    const taken = bytes.subarray(0, this.#max - this.#kept)
    if (taken.length === 0) return
    this.#makeRoom(this.#kept + taken.length)
    this.#bytes.set(taken, this.#kept)
    this.#kept += taken.length
  }

  #makeRoom(needed: number): void {
    if (needed <= this.#bytes.length) return
    const room = Math.max(needed, BYTES_AT_FIRST, this.#bytes.length * 2)
    const bytes = new Uint8Array(Math.min(room, this.#max))
    bytes.set(this.bytes)
    this.#bytes = bytes
  }
}
