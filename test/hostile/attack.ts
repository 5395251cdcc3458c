import type { Test } from 'tap'

/** What docs/THREAT-MODEL.md says of an attack; `table.ts` reads it out of the sources. */
export interface Attack {
  /** What the relay does. */
  readonly attack: string
  /** What it gains by it. */
  readonly achieves: string
  /** What the person who is attacked sees. What stands in backticks is asserted by the test. */
  readonly seen: string
}

/** The body of a test that carries out an attack, with its row of the table. */
export function attack(_row: Attack, body: (t: Test) => Promise<void>): (t: Test) => Promise<void> {
  return body
}
