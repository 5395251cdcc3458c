import { CRASHPOINTS } from '@sotto/client-core'
import type { Prng } from './prng.js'
import type { World } from './world.js'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** One kind of thing that may happen, to whomever its randomness says. */
export interface StepKind {
  readonly name: string
  /** How often, beside the others. */
  readonly weight: number
  readonly run: (world: World, random: Prng) => void | Promise<void>
}

export const STEPS: readonly StepKind[] = [
  {
    name: 'write',
    weight: 40,
    run: (world, random) => {
      const from = random.pick(world.clients)
      world.write(from, random.pick(world.clients.filter((client) => client !== from)))
    },
  },
  {
    name: 'repeat unanswered',
    weight: 3,
    run: (world) => {
      world.repeatUnanswered()
    },
  },
  {
    name: 'accept requests',
    weight: 6,
    run: (world, random) => {
      const client = random.pick(world.clients)
      const other = random.pick(world.clients.filter((each) => each !== client))
      void client.call('contact.accept', { to: other.handle })
    },
  },
  {
    name: 'read',
    weight: 4,
    run: (world, random) => {
      const client = random.pick(world.clients)
      const other = random.pick(world.clients.filter((each) => each !== client))
      void client.call('conversation.markRead', { conversation: other.handle })
    },
  },
  {
    name: 'kill a client',
    weight: 4,
    run: (world, random) => {
      random.pick(world.clients).kill(random.chance(0.3))
    },
  },
  {
    name: 'kill a client soon',
    weight: 6,
    run: (world, random) => {
      random.pick(world.clients).life?.dieAfter(random.below(12))
    },
  },
  {
    name: 'kill a client at a mark',
    weight: 5,
    run: (world, random) => {
      random.pick(world.clients).dieAt(random.pick(CRASHPOINTS), random.between(1, 3))
    },
  },
  {
    name: 'stop a client',
    weight: 2,
    run: (world, random) => random.pick(world.clients).stop(),
  },
  {
    name: 'start everybody',
    weight: 10,
    run: (world) => world.startAll(),
  },
  {
    name: 'fail a client’s disk',
    weight: 3,
    run: (world, random) => {
      const fault = random.pick(['SQLITE_FULL', 'SQLITE_IOERR_FSYNC'] as const)
      random.pick(world.clients).life?.failAfter(random.below(6), fault)
    },
  },
  {
    name: 'fail the relay’s disk',
    weight: 3,
    run: (world, random) => {
      const fault = random.pick(['SQLITE_FULL', 'SQLITE_IOERR_FSYNC'] as const)
      world.relay.life?.failAfter(random.below(6), fault)
    },
  },
  {
    name: 'kill the relay',
    weight: 2,
    run: (world) => {
      world.relay.kill()
    },
  },
  {
    name: 'kill the relay soon',
    weight: 4,
    run: (world, random) => {
      world.relay.life?.dieAfter(random.below(12))
    },
  },
  {
    name: 'cut a link',
    weight: 5,
    run: (world, random) => {
      random.pick(world.clients).link.cut()
    },
  },
  {
    name: 'turn the weather',
    weight: 8,
    run: (world, random) => {
      const { link } = random.pick(world.clients)
      link.turn(random.pick(['fair', 'fair', 'silent', 'down'] as const))
    },
  },
  {
    name: 'set a clock',
    weight: 2,
    run: (world, random) => {
      const aheadMs = random.pick([-DAY_MS, -10 * MINUTE_MS, 0, 10 * MINUTE_MS, DAY_MS])
      random.pick([...world.clients, world.relay]).setAheadBy(aheadMs)
    },
  },
  {
    name: 'sleep',
    weight: 1,
    run: (world, random) => {
      world.scheduler.leap(random.pick([MINUTE_MS, 60 * MINUTE_MS, DAY_MS]))
    },
  },
  {
    name: 'back up the relay',
    weight: 1,
    run: (world) => {
      world.backUp()
    },
  },
  {
    name: 'restore the relay',
    weight: 0.5,
    run: (world) => world.restore(),
  },
  {
    name: 'sweep',
    weight: 1,
    run: (world) => world.relay.sweep(),
  },
]
