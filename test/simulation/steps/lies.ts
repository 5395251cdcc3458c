import { LIES } from '../lies.js'
import type { StepKind } from './step.js'

/** What a relay does that is against its people; in some worlds only. */
export const LYING: readonly StepKind[] = LIES.map((lie) => ({
  name: `the relay ${lie.name}`,
  weight: 0.6,
  run: (world, random) => {
    const { liar } = world
    if (liar === undefined) return 'this one is honest'
    const times = random.pick([1, 1, 2, 5, 20])
    const skips = random.pick([0, 0, 1, 4])
    liar.arm(lie, { times, skips, seed: random.below(2 ** 32) })
    return `${String(times)} times, after ${String(skips)} frames`
  },
}))
