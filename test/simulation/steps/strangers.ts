import { storm } from '../visitor.js'
import type { StepKind } from './step.js'

/** What people do whom nobody knows. */
export const STRANGERS: readonly StepKind[] = [
  {
    name: 'storm prekeys',
    weight: 1,
    run: async (world, random) => {
      const bundles = random.pick([3, 8, 30])
      const { name, account } = random.pick(world.clients)
      if (account === undefined) return `${name} is not there to be asked for`
      const taken = await storm(world.place, account, bundles)
      return `${name}, ${String(taken)} of ${String(bundles)} bundles were given`
    },
  },
]
