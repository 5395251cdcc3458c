import { simulate, type PlannedStep, type Verdict } from './simulate.js'

/** What one failing seed may cost to make small. */
const RUNS_MAX = 160

/**
 * A plan that still breaks the same invariant, with steps left out until none can be (Zeller's
 * ddmin, over steps), and with pauses as short as they may be. libsignal's randomness cannot be
 * seeded, so a step may seem needed that is not.
 */
export async function minimise(
  world: { readonly seed: number; readonly clients: number },
  plan: readonly PlannedStep[],
  broken: string,
): Promise<readonly PlannedStep[]> {
  let runs = 0
  const stillBreaks = async (tried: readonly PlannedStep[]): Promise<boolean> => {
    if (runs >= RUNS_MAX) return false
    runs++
    return breaks(await simulate({ ...world, plan: tried }), broken)
  }
  return withShortPauses(await withFewSteps(plan, stillBreaks), stillBreaks)
}

type StillBreaks = (plan: readonly PlannedStep[]) => Promise<boolean>

async function withFewSteps(
  plan: readonly PlannedStep[],
  stillBreaks: StillBreaks,
): Promise<readonly PlannedStep[]> {
  let left = plan
  for (let parts = 2; left.length > 1;) {
    const size = Math.ceil(left.length / parts)
    let shorter: readonly PlannedStep[] | undefined
    for (let begin = 0; begin < left.length && shorter === undefined; begin += size) {
      const without = [...left.slice(0, begin), ...left.slice(begin + size)]
      if (await stillBreaks(without)) shorter = without
    }
    if (shorter !== undefined) {
      left = shorter
      parts = Math.max(2, parts - 1)
    } else if (size === 1) break
    else parts = Math.min(left.length, parts * 2)
  }
  return left
}

/** Each pause none at all, or a tenth of what it was. */
async function withShortPauses(
  plan: readonly PlannedStep[],
  stillBreaks: StillBreaks,
): Promise<readonly PlannedStep[]> {
  let left = plan
  for (const [index, { pauseMs }] of plan.entries()) {
    for (const shorterMs of [0, Math.floor(pauseMs / 10)]) {
      if (shorterMs >= pauseMs) continue
      const tried = left.map((step, at) => (at === index ? { ...step, pauseMs: shorterMs } : step))
      if (!(await stillBreaks(tried))) continue
      left = tried
      break
    }
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
