import { CRASHPOINTS } from '@sotto/client-core'
import type { Incarnation } from '../incarnation.js'
import type { Prng } from '../prng.js'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../spans.js'
import { durationOf, pairOf, type StepKind } from './step.js'

/** How processes end and disks fail. */
export const MACHINES: readonly StepKind[] = [
  {
    name: 'kill a client',
    weight: 4,
    run: (world, random) => {
      const client = random.pick(world.clients)
      const silently = random.chance(0.3)
      client.kill(silently)
      return `${client.name}${silently ? ', and nobody hears of it' : ''}`
    },
  },
  {
    name: 'kill a client soon',
    weight: 6,
    run: (world, random) => {
      const client = random.pick(world.clients)
      return `${client.name} ${dieSoon(client.life, random)}`
    },
  },
  {
    name: 'kill a client at a mark',
    weight: 5,
    run: (world, random) => {
      const client = random.pick(world.clients)
      const mark = random.pick(CRASHPOINTS)
      const hits = random.between(1, 3)
      client.dieAt(mark, hits)
      return `${client.name} at ${mark}, the ${String(hits)}. time`
    },
  },
  {
    name: 'stop a client',
    weight: 2,
    run: async (world, random) => {
      const client = random.pick(world.clients)
      await client.stop()
      return client.name
    },
  },
  {
    name: 'start everybody',
    weight: 10,
    run: async (world) => {
      await world.startAll()
      return ''
    },
  },
  {
    name: 'fail a client’s disk',
    weight: 3,
    run: (world, random) => {
      const fault = faultOf(random)
      const client = random.pick(world.clients)
      return `${client.name} ${failSoon(client.life, fault, random.below(6))}`
    },
  },
  {
    name: 'fail the relay’s disk',
    weight: 3,
    run: (world, random) => {
      const fault = faultOf(random)
      return failSoon(world.relay.life, fault, random.below(6))
    },
  },
  {
    name: 'kill the relay',
    weight: 2,
    run: (world) => {
      world.relay.kill()
      return ''
    },
  },
  {
    name: 'kill the relay soon',
    weight: 4,
    run: (world, random) => dieSoon(world.relay.life, random),
  },
  {
    name: 'drain the relay',
    weight: 1.5,
    run: async (world) => {
      await world.relay.drain()
      return ''
    },
  },
  {
    name: 'set a clock',
    weight: 2,
    run: (world, random) => {
      const aheadMs = random.pick([-DAY_MS, -10 * MINUTE_MS, 0, 10 * MINUTE_MS, DAY_MS])
      const machine = random.pick([...world.clients, world.relay])
      machine.setAheadBy(aheadMs)
      return `${'name' in machine ? machine.name : 'the relay'} by ${durationOf(aheadMs)}`
    },
  },
  {
    name: 'nudge a clock',
    weight: 2,
    run: (world, random) => {
      const aheadMs = random.pick([-30 * SECOND_MS, -2 * SECOND_MS, -200, 0, 200, 3 * SECOND_MS])
      const machine = random.pick([...world.clients, world.relay])
      machine.setAheadBy(aheadMs)
      return `${'name' in machine ? machine.name : 'the relay'} by ${durationOf(aheadMs)}`
    },
  },
  {
    name: 'sleep',
    weight: 1,
    run: (world, random) => {
      const byMs = random.pick([MINUTE_MS, 60 * MINUTE_MS, DAY_MS])
      if (byMs === DAY_MS) for (const { link } of world.clients) link.cut() // As below.
      world.scheduler.leap(byMs)
      return durationOf(byMs)
    },
  },
  {
    name: 'sleep for long',
    weight: 0.3,
    run: (world, random) => {
      // Prekeys rotate, certificates end, an outbox gives up, a mailbox does.
      const byMs = random.pick([2.1, 3.1, 8, 15, 31]) * DAY_MS + random.below(HOUR_MS)
      for (const { link } of world.clients) link.cut() // Nothing is on its way for days.
      world.scheduler.leap(byMs)
      return durationOf(byMs)
    },
  },
  {
    name: 'wake with an old clock',
    weight: 0.5,
    run: (world, random) => {
      // As a machine whose clock stood still: what ended meanwhile looks as if it had not.
      const byMs = random.pick([2.1, 3.1]) * DAY_MS
      const [client, other] = pairOf(world, random)
      for (const { link } of world.clients) link.cut()
      world.scheduler.leap(byMs)
      client.setAheadBy(-byMs)
      const { number } = world.write(client, other)
      return `${client.name} after ${durationOf(byMs)}, and writes text ${String(number)} to ${other.name}`
    },
  },
  {
    name: 'back up the relay',
    weight: 1,
    run: (world) => {
      world.backUp()
      return ''
    },
  },
  {
    name: 'restore the relay',
    weight: 0.5,
    run: async (world) => {
      await world.restore()
      return ''
    },
  },
  {
    name: 'restore the relay badly',
    weight: 0.3,
    run: async (world, random) => {
      let happened = 'there is no backup'
      await world.restore((life) => {
        happened = random.chance(0.5)
          ? dieSoon(life, random)
          : failSoon(life, 'SQLITE_FULL', random.below(2))
      })
      return happened
    },
  },
  {
    name: 'sweep',
    weight: 1,
    run: async (world) => {
      await world.relay.sweep()
      return ''
    },
  },
]

function faultOf(random: Prng) {
  return random.pick(['SQLITE_FULL', 'SQLITE_IOERR_FSYNC'] as const)
}

function dieSoon(life: Incarnation | undefined, random: Prng): string {
  const acts = random.below(12)
  life?.dieAfter(acts)
  return life === undefined ? 'is dead already' : `after ${String(acts)} acts`
}

function failSoon(
  life: Incarnation | undefined,
  fault: ReturnType<typeof faultOf>,
  commits: number,
): string {
  life?.failAfter(commits, fault)
  return life === undefined ? 'is dead' : `${fault} after ${String(commits)} commits`
}
