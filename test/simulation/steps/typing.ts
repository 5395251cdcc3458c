import { pairOf, type StepKind } from './step.js'

/** That people type, and the network does with it as it likes: `Link.scatter`. */
export const TYPING: readonly StepKind[] = [
  {
    name: 'everybody types',
    weight: 3,
    run: (world, random) => {
      const started = random.below(4) > 0
      for (const from of world.clients)
        for (const to of world.clients)
          if (from !== to)
            void from.call('conversation.typing', { conversation: to.handle, started })
      return started ? '' : 'no more'
    },
  },
  {
    name: 'type and write',
    weight: 3,
    run: (world, random) => {
      const [from, to] = pairOf(world, random)
      void from.call('conversation.typing', { conversation: to.handle, started: true })
      const { number } = world.write(from, to)
      return `${from.name} to ${to.name}, text ${String(number)}`
    },
  },
]
