/** One line of a benchmark. Figures never pass or fail a run; they are read. */
export interface Figure {
  /** `relay.accept`: the part measured, and what of it. */
  readonly bench: string
  readonly value: number
  readonly unit: string
  /** The bare thing, measured beside it in the same run. */
  readonly floor?: { readonly name: string; readonly value: number }
  /** Other programs that do the like, measured beside it in the same run. */
  readonly peers?: readonly Peer[]
  readonly goal?: Goal
}

/** What the ratio of value to floor should be, or the value itself. */
export type Goal =
  { readonly atLeast: number } | { readonly atMost: number } | { readonly valueAtMost: number }

export type Peer =
  | {
      readonly name: string
      readonly value: number
      /** What it has done with a message when it says that it has it. */
      readonly durability: string
      /** What the ratio of the figure to this one should be. */
      readonly goal?: Goal
    }
  /** Not measured, and why. */
  | { readonly name: string; readonly skipped: string }

/** A file of benchmarks exports this as `run`. */
export type Run = (options: RunOptions) => Promise<readonly Figure[]>

export interface RunOptions {
  /** How often each figure is taken; the median is told. */
  readonly rounds: number
  /** How many messages a store holds that is measured; fewer for a quick look. */
  readonly messages: number
  /** How long the screen is flooded to see whether its memory stays flat; undefined: it is not. */
  readonly soakMinutes?: number | undefined
  /** A line about what is being done, for whoever waits. */
  readonly note: (line: string) => void
}

export function ratioOf(figure: Figure): number | undefined {
  return figure.floor === undefined ? undefined : figure.value / figure.floor.value
}

export function isMet(figure: Figure): boolean | undefined {
  return figure.goal === undefined ? undefined : meets(figure.goal, figure.value, ratioOf(figure))
}

/** The same for what is asked beside one peer. */
export function isMetBeside(figure: Figure, peer: Peer): boolean | undefined {
  if ('skipped' in peer || peer.goal === undefined) return undefined
  return meets(peer.goal, figure.value, figure.value / peer.value)
}

export function goalText(goal: Goal): string {
  if ('valueAtMost' in goal) return `≤ ${goal.valueAtMost}`
  return 'atLeast' in goal ? `≥ ${goal.atLeast} ×` : `≤ ${goal.atMost} ×`
}

function meets(goal: Goal, value: number, ratio: number | undefined): boolean | undefined {
  if ('valueAtMost' in goal) return value <= goal.valueAtMost
  if (ratio === undefined) return undefined
  return 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost
}
