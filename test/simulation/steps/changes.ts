import { pairOf, type StepKind } from './step.js'

/** What people do with messages that are there. */
export const CHANGES: readonly StepKind[] = [
  {
    name: 'write what may change',
    weight: 4,
    run: (world, random) => {
      const [from, to] = pairOf(world, random)
      const { number } = world.changes.write(from, to)
      return `${from.name} to ${to.name}, ${String(number)}`
    },
  },
  {
    name: 'edit',
    weight: 4,
    run: ({ changes }, random) => {
      const changed = changes.any(random)
      if (changed === undefined) return 'nothing is there'
      return `${changed.from} to ${changed.to}: ${changes.edit(changed)}`
    },
  },
  {
    name: 'delete',
    weight: 1,
    run: ({ changes }, random) => {
      const changed = changes.any(random)
      if (changed === undefined) return 'nothing is there'
      changes.delete(changed)
      return `${changed.from} to ${changed.to}: ${String(changed.number)}`
    },
  },
  {
    name: 'react',
    weight: 3,
    run: ({ changes }, random) => {
      const changed = changes.any(random)
      if (changed === undefined) return 'nothing is there'
      return `${changes.react(changed, random)} to ${String(changed.number)}`
    },
  },
]
