import { replay } from '../visitor.js'
import { MINUTE_MS, SECOND_MS } from '../spans.js'
import { durationOf, type StepKind } from './step.js'

/** What happens on the way. */
export const NETWORK: readonly StepKind[] = [
  {
    name: 'cut a link',
    weight: 5,
    run: (world, random) => {
      const client = random.pick(world.clients)
      client.link.cut()
      return client.name
    },
  },
  {
    name: 'cut a link midway',
    weight: 5,
    run: (world, random) => {
      const client = random.pick(world.clients)
      const frames = random.below(6)
      client.link.cutAfter(frames)
      return `${client.name} after ${String(frames)} frames`
    },
  },
  {
    name: 'deafen',
    weight: 3,
    run: (world, random) => {
      const client = random.pick(world.clients)
      const end = random.pick(['client', 'relay'] as const)
      client.link.deafen(end)
      return `${client.name}: nothing more reaches the ${end}`
    },
  },
  {
    name: 'turn the weather',
    weight: 8,
    run: (world, random) => {
      const client = random.pick(world.clients)
      const weather = random.pick(['fair', 'fair', 'silent', 'down'] as const)
      client.link.turn(weather)
      return `${client.name} ${weather}`
    },
  },
  {
    name: 'partition',
    weight: 1,
    run: (world, random) => {
      const weather = random.pick(['silent', 'down'] as const)
      const cut = world.clients.filter(() => random.chance(0.5))
      for (const { link } of cut) link.turn(weather)
      return `${cut.map(({ name }) => name).join(', ')} ${weather}`
    },
  },
  {
    name: 'slow a link',
    weight: 3,
    run: (world, random) => {
      const client = random.pick(world.clients)
      const byMs = random.pick([0, 0, 300, 2 * SECOND_MS, 6 * SECOND_MS, 20 * SECOND_MS])
      client.link.slowBy(byMs)
      return `${client.name} by ${durationOf(byMs)}`
    },
  },
  {
    name: 'stop reading',
    weight: 2,
    run: (world, random) => {
      const client = random.pick(world.clients)
      const forMs = random.pick([SECOND_MS, 20 * SECOND_MS, 2 * MINUTE_MS])
      client.link.pauseReading(forMs)
      return `${client.name} for ${durationOf(forMs)}`
    },
  },
  {
    name: 'replay',
    weight: 3,
    run: async (world, random) => {
      const client = random.pick(world.clients)
      const { recorded } = client.link
      if (recorded.length === 0) return `${client.name} said nothing yet`
      const index = random.below(recorded.length)
      const frame = random.pick(recorded.slice(index, index + 1))
      const times = random.between(1, 3)
      for (let time = 0; time < times; time++) await replay(world.place, frame)
      return `${client.name}’s frame of ${String(frame.length)} bytes, ${String(times)} times`
    },
  },
]
