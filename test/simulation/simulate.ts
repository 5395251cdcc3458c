import { groundOf } from './ground.js'
import type { History } from './history.js'
import { INVARIANTS } from './invariants/index.js'
import { Prng } from './prng.js'
import { textOf } from './rejections.js'
import { LYING, STEPS, type StepKind } from './steps/index.js'
import { isLying, World } from './world.js'

/** One step of a plan: what happens, what decides to whom, and how long until the next. */
export interface PlannedStep {
  readonly kind: StepKind
  readonly seed: number
  readonly pauseMs: number
}

/** A plan as a file holds it: name, seed and pause of each step. */
export interface WrittenPlan {
  readonly seed: number
  readonly clients: number
  readonly plan: readonly (readonly [string, number, number])[]
}

/** What a process of its own is asked for: a plan that was written down, or the usual one of a seed, so long. */
export type AskedWorld = WrittenPlan | (Omit<WrittenPlan, 'plan'> & { readonly steps: number })

export interface Verdict {
  readonly seed: number
  /** What is wrong, in sentences; empty: nothing. */
  readonly violations: readonly string[]
  readonly history: History | undefined
}

/** The same seed makes the same plan. */
export function planOf(seed: number, steps: number): readonly PlannedStep[] {
  const random = new Prng(seed, 'plan')
  const kinds = isLying(seed) ? [...STEPS, ...LYING] : STEPS
  const weights = kinds.map(({ weight }) => weight)
  return Array.from({ length: steps }, () => ({
    kind: kinds[random.weighted(weights)] as StepKind,
    seed: random.below(2 ** 32),
    // Mostly at once or soon, now and then long enough for timers to run out.
    pauseMs: random.pick([0, 0, 10, 100, 100, 1000, 10_000]),
  }))
}

export function writePlan(
  world: { readonly seed: number; readonly clients: number },
  plan: readonly PlannedStep[],
): WrittenPlan {
  const { seed, clients } = world
  return { seed, clients, plan: plan.map((step) => [step.kind.name, step.seed, step.pauseMs]) }
}

/** Throws a RangeError for a step that is not known any more. */
export function readPlan({ plan }: Pick<WrittenPlan, 'plan'>): readonly PlannedStep[] {
  return plan.map(([name, seed, pauseMs]) => {
    const kind = [...STEPS, ...LYING].find((each) => each.name === name)
    if (kind === undefined) throw new RangeError(`there is no step called ${name}`)
    return { kind, seed, pauseMs }
  })
}

/** Runs a plan in a world of its own, heals it, and asks every invariant. */
export async function simulate(options: {
  readonly seed: number
  readonly clients: number
  readonly plan: readonly PlannedStep[]
  readonly trace?: ((line: string) => void) | undefined
}): Promise<Verdict> {
  const { seed, clients, plan, trace } = options
  const world = new World(seed, await groundOf(seed, clients))
  try {
    await world.begin()
    for (const [index, { kind, seed: stepSeed, pauseMs }] of plan.entries()) {
      const atMs = world.scheduler.nowMs
      const happened = await kind.run(world, new Prng(stepSeed, kind.name))
      trace?.(lineOf({ index, atMs, name: kind.name, happened }))
      await world.scheduler.pass(pauseMs)
    }
    await world.heal()
    const history = await world.history()
    const violations = INVARIANTS.flatMap(({ name, check }) =>
      check(history).map((violation) => `${name}: ${violation}`),
    )
    return { seed, violations, history }
  } catch (thrown) {
    return { seed, violations: [`no bug: ${textOf(thrown)}`], history: undefined }
  } finally {
    world.end()
  }
}

function lineOf(step: {
  readonly index: number
  readonly atMs: number
  readonly name: string
  readonly happened: string
}): string {
  const { index, atMs, name, happened } = step
  const what = happened === '' ? name : `${name}: ${happened}`
  return `${String(index).padStart(4)}  ${String(atMs).padStart(10)} ms  ${what}`
}
