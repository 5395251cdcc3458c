import { pairOf, type StepKind } from './step.js'

/** What people do. */
export const PEOPLE: readonly StepKind[] = [
  {
    name: 'write',
    weight: 26,
    run: (world, random) => {
      const [from, to] = pairOf(world, random)
      const { number } = world.write(from, to)
      return `${from.name} to ${to.name}, text ${String(number)}`
    },
  },
  {
    name: 'write many',
    weight: 0.4,
    run: (world, random) => {
      const [from, to] = pairOf(world, random)
      const texts = random.between(3, 30)
      for (let text = 0; text < texts; text++) world.write(from, to)
      return `${from.name} to ${to.name}, ${String(texts)} texts`
    },
  },
  {
    name: 'repeat unanswered',
    weight: 3,
    run: (world) => {
      world.repeatUnanswered()
      return ''
    },
  },
  {
    name: 'accept requests',
    weight: 6,
    run: (world, random) => {
      const [client, other] = pairOf(world, random)
      void client.call('contact.accept', { to: other.handle })
      return `${client.name} accepts ${other.name}`
    },
  },
  {
    name: 'read',
    weight: 4,
    run: (world, random) => {
      const [client, other] = pairOf(world, random)
      void client.call('conversation.markRead', { conversation: other.handle })
      return `${client.name} what ${other.name} wrote`
    },
  },
  {
    name: 'edit a profile',
    weight: 2,
    run: (world, random) => {
      const client = random.pick(world.clients)
      const name = `${client.name} the ${String(random.below(1000))}th`
      void client.call('account.edit', { name })
      return name
    },
  },
  {
    name: 'give a local name',
    weight: 1,
    run: (world, random) => {
      const [client, other] = pairOf(world, random)
      void client.call('contact.rename', { to: other.handle, alias: `my-${other.name}` })
      return `${client.name} to ${other.name}`
    },
  },
  {
    name: 'verify',
    weight: 1.5,
    run: (world, random) => {
      const [client, other] = pairOf(world, random)
      void client.call('verify.show', { to: other.handle }).then(async (shown) => {
        if (shown.kind !== 'answered') return
        const number = shown.result.safetyNumber
        await client.call('verify.confirm', { to: other.handle, number })
      })
      return `${client.name} compares with ${other.name}`
    },
  },
  {
    name: 'make an invite',
    weight: 1,
    run: (world, random) => {
      const [client, guest] = pairOf(world, random)
      void client.call('invite.create', { uses: random.below(3) }).then(async (made) => {
        if (made.kind !== 'answered' || made.result.link === null) return
        await guest.call('contact.add', { to: made.result.link })
      })
      return `${client.name} for ${guest.name}`
    },
  },
  {
    name: 'try the outbox now',
    weight: 2,
    run: (world, random) => {
      const client = random.pick(world.clients)
      void client.call('outbox.retry', {})
      return client.name
    },
  },
  {
    name: 'take back',
    weight: 1.5,
    run: async (world, random) => {
      const client = random.pick(world.clients)
      const outbox = await client.call('outbox.list', {})
      const waiting = outbox.kind === 'answered' ? outbox.result : []
      if (waiting.length === 0) return `${client.name} has nothing to`
      const { id } = random.pick(waiting)
      void client.call('outbox.cancel', { messages: [id] })
      return `${client.name} a text of ${String(waiting.length)} that wait`
    },
  },
  {
    name: 'block',
    weight: 0.3,
    run: (world, random) => {
      const [client, other] = pairOf(world, random)
      world.blocks.add(`${client.name} of ${other.name}`)
      void client.call('contact.block', { to: other.handle })
      return `${client.name} blocks ${other.name}`
    },
  },
  {
    name: 'unblock',
    weight: 0.6,
    run: (world, random) => {
      const [client, other] = pairOf(world, random)
      void client.call('contact.unblock', { to: other.handle })
      return `${client.name} unblocks ${other.name}`
    },
  },
  {
    name: 'write to oneself',
    weight: 1,
    run: (world, random) => {
      const client = random.pick(world.clients)
      world.note(client)
      return client.name
    },
  },
]
