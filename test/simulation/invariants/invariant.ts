import type { History } from '../history.js'

/** Something that must hold in every history. */
export interface Invariant {
  readonly name: string
  /** What breaks it, in sentences; empty: nothing. */
  readonly check: (history: History) => readonly string[]
}
