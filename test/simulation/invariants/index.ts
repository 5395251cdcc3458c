import type { History } from '../history.js'
import { exactlyOnce } from './exactly-once.js'
import { everythingOpens } from './opens.js'

/** What must hold in every history; design/proof.md numbers them. */
export interface Invariant {
  readonly name: string
  /** What breaks it, in sentences; empty: nothing. */
  readonly check: (history: History) => readonly string[]
}

export const INVARIANTS: readonly Invariant[] = [
  { name: 'no bug', check: ({ bugs }) => bugs },
  exactlyOnce,
  everythingOpens,
]
