/** One line of a benchmark. Figures never pass or fail a run; they are read. */
export interface Figure {
  /** `relay.accept`: the part measured, and what of it. */
  readonly bench: string
  readonly value: number
  readonly unit: string
  /** The bare thing, or the other program, measured beside it in the same run. */
  readonly floor?: { readonly name: string; readonly value: number }
  readonly goal?: Goal
}

/** What the ratio of value to floor should be, or the value itself. */
export type Goal =
  { readonly atLeast: number } | { readonly atMost: number } | { readonly valueAtMost: number }

/** A file of benchmarks exports this as `run`. */
export type Run = (options: RunOptions) => Promise<readonly Figure[]>

export interface RunOptions {
  /** How often each figure is taken; the median is told. */
  readonly rounds: number
  /** How many messages a store holds that is measured; fewer for a quick look. */
  readonly messages: number
  /** A line about what is being done, for whoever waits. */
  readonly note: (line: string) => void
}

export function ratioOf(figure: Figure): number | undefined {
  return figure.floor === undefined ? undefined : figure.value / figure.floor.value
}

export function isMet(figure: Figure): boolean | undefined {
  if (figure.goal !== undefined && 'valueAtMost' in figure.goal)
    return figure.value <= figure.goal.valueAtMost
  const ratio = ratioOf(figure)
  if (ratio === undefined || figure.goal === undefined) return undefined
  return 'atLeast' in figure.goal ? ratio >= figure.goal.atLeast : ratio <= figure.goal.atMost
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** `share` 0.99 is the value that 99 of 100 do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}
