/** Of an even number the middle of the two in the middle: of two rounds not always the worse. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted.length >> 1
  const lower = sorted.length % 2 === 1 ? upper : upper - 1
  return ((sorted[lower] ?? NaN) + (sorted[upper] ?? NaN)) / 2
}

/** `share` 0.99 is the value that 99 of 100 do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

/** By how much values that were taken at even distances rise from one to the next: least squares. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let [above, below] = [0, 0]
  for (const [at, value] of values.entries()) {
    above += (at - middle) * (value - mean)
    below += (at - middle) ** 2
  }
  return above / below
}

/** How far two samples are apart, and how likely that is between two samples of one thing. */
export interface Difference {
  /**
   * 0 … 1, Kolmogorov and Smirnov's D: the largest distance of the two cumulative distributions.
   * Whoever guesses from one value which of the two it is of, is right in (1 + D) / 2 of the cases
   * at best.
   */
  readonly distance: number
  /** Two-sided, asymptotic: good from some hundred values of each. */
  readonly p: number
}

/** The test of Kolmogorov and Smirnov for two samples; sees place, spread and shape alike. */
export function difference(one: readonly number[], other: readonly number[]): Difference {
  const [a, b] = [[...one].sort((x, y) => x - y), [...other].sort((x, y) => x - y)]
  let distance = 0
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const value = Math.min(a[i] ?? NaN, b[j] ?? NaN)
    while (a[i] === value) i++
    while (b[j] === value) j++
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length))
  }
  const size = Math.sqrt((a.length * b.length) / (a.length + b.length))
  return { distance, p: kolmogorov((size + 0.12 + 0.11 / size) * distance) }
}

/** How likely a value above `lambda` is (Numerical Recipes, 14.3). */
function kolmogorov(lambda: number): number {
  if (lambda < 0.2) return 1 // The series converges slowly here; it is 1 to twelve places.
  let sum = 0
  for (let k = 1; k <= 100; k++) {
    sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda)
  }
  return Math.min(1, Math.max(0, sum))
}
