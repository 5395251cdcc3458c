import { simulate, type PlannedStep, type Verdict } from './simulate.js'

/** What one failing seed may cost to make small. */
const RUNS_MAX = 120

/**
 * A plan that still breaks the same invariant, with steps left out until none can be (Zeller's
 * ddmin, over steps). libsignal's randomness cannot be seeded, so a step may seem needed that is not.
 */
export async function minimise(
  world: { readonly seed: number; readonly clients: number },
  plan: readonly PlannedStep[],
  broken: string,
): Promise<readonly PlannedStep[]> {
  let left = plan
  let runs = 0
  for (let parts = 2; left.length > 1 && runs < RUNS_MAX;) {
    const size = Math.ceil(left.length / parts)
    let shorter: readonly PlannedStep[] | undefined
    for (let begin = 0; begin < left.length && runs < RUNS_MAX; begin += size) {
      const without = [...left.slice(0, begin), ...left.slice(begin + size)]
      runs++
      if (breaks(await simulate({ ...world, plan: without }), broken)) {
        shorter = without
        break
      }
    }
    if (shorter !== undefined) {
      left = shorter
      parts = Math.max(2, parts - 1)
    } else if (size === 1) break
    else parts = Math.min(left.length, parts * 2)
  }
  return left
}

/** Whether it breaks the invariant that the first violation is about. */
function breaks({ violations }: Verdict, broken: string): boolean {
  return violations.some((violation) => invariantOf(violation) === invariantOf(broken))
}

function invariantOf(violation: string): string {
  return violation.slice(0, violation.indexOf(':'))
}
