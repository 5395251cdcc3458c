/** What is told is exact to one of these. */
const STEPS_A_MS = 50
/** Two seconds. What came later than that counts as that late; the maximum stays exact. */
const STEPS = 100_000

/**
 * How late an event loop came, counted in room that is fixed from the start: this lives in the process
 * whose memory is watched, and must not be what grows there.
 */
export class DelayCounts {
  readonly #counts = new Uint32Array(STEPS)
  #count = 0
  #max = 0

  add(ms: number): void {
    const step = Math.min(STEPS - 1, Math.floor(ms * STEPS_A_MS))
    this.#counts[step] = (this.#counts[step] ?? 0) + 1
    this.#count++
    this.#max = Math.max(this.#max, ms)
  }

  get max(): number {
    return this.#max
  }

  /** `share` 0.99 is what 99 of 100 did not exceed; 0 of none. */
  quantile(share: number): number {
    let above = Math.max(1, Math.ceil(this.#count * share))
    for (const [step, count] of this.#counts.entries()) {
      above -= count
      if (above <= 0) return Math.min(this.#max, (step + 1) / STEPS_A_MS)
    }
    return this.#max
  }

  clear(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#max = 0
  }
}
