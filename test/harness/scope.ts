import type { Scope } from './temp-dir.js'

/** Does the work, then ends what it began, last first. */
export async function withScope<Result>(work: (scope: Scope) => Promise<Result>): Promise<Result> {
  const ends: (() => unknown)[] = []
  try {
    return await work({ teardown: (end) => ends.push(end) })
  } finally {
    for (const end of ends.reverse()) await end()
  }
}
