import { test, type Test } from 'tap'
import { nodePorts } from '../../src/node-ports.js'
import { friends, Desk } from '../support/desk.js'
import { sendFrom } from '../support/send-from.js'

/** Alice, connected for Bob, and what happens while she seals for him. */
async function connected(t: Test) {
  let whileSealing: () => void = () => undefined
  const { bytes, fraction } = nodePorts({}).random
  const random = {
    fraction,
    bytes: (length: number) => {
      if (length === 32) whileSealing() // The secret of an envelope.
      return bytes(length)
    },
  }
  const office = await friends(t, { ports: { random } })
  office.network.open.add(office.bob.person.id)
  const once = (work: () => void): void => {
    whileSealing = () => {
      whileSealing = () => undefined
      work()
    }
  }
  return { ...office, whileSealing: once }
}

/** What the next process finds for the message at the head of the outbox. */
function foundBy(desk: Desk, peer: Desk) {
  const row = desk.read.outbox.oldestOf(peer.person.id)
  const envelopes = row === undefined ? 0 : desk.read.outbox.envelopes(row.row).length
  return { state: row?.state, envelopes, texts: desk.texts(peer) }
}

test('a text that can leave at once is written down and sealed in one commit', async (t) => {
  const { alice, bob, network, whileSealing } = await connected(t)
  const survivors: Desk[] = []
  const survive = (): void => void survivors.push(new Desk(alice.person.afterCrash(t), network))
  whileSealing(survive)
  alice.person.crashpoint = (mark) => {
    if (mark === 'send.sealed') survive()
  }
  await sendFrom(alice, { to: ['@bob.42'], text: 'once' })
  const [before, after] = survivors

  t.equal(survivors.length, 2, 'sealed once')
  t.match(before && foundBy(before, bob), { state: undefined, texts: ['hello', 'hi'] })
  t.match(after && foundBy(after, bob), { state: 'sealed', envelopes: 1 })
  await after?.send()
  await bob.catchUp()
  t.equal(bob.texts(alice)[2], 'once', 'the same bytes are submitted twice and arrive once')
  t.equal(network.submissions.length, 2)
})

test('a text that cannot leave at once is on disk before it is sealed', async (t) => {
  const { alice, bob, network, whileSealing } = await connected(t)
  network.open.clear()
  const found: unknown[] = []
  whileSealing(() => found.push(foundBy(alice, bob)))
  await sendFrom(alice, { to: ['@bob.42'], text: 'waits' })
  t.match(found, [{ state: 'queued', envelopes: 0, texts: ['hello', 'hi', 'waits'] }])
})

test('what is queued while a text is sealed goes before it, and both are opened', async (t) => {
  const { alice, bob, whileSealing } = await connected(t)
  whileSealing(() => void alice.compose(bob, 'first'))
  await sendFrom(alice, { to: ['@bob.42'], text: 'second' })
  await bob.catchUp()
  t.same(bob.texts(alice), ['hello', 'hi', 'first', 'second'])
  t.notOk(bob.eventTypes().includes('message.undecryptable'))
})

test('the same key sent twice at the same time is one message, also where it is sealed at once', async (t) => {
  const { alice, bob, network } = await connected(t)
  const request = { to: ['@bob.42'], text: 'deployed', id: 'deploy-1' }
  await Promise.all([sendFrom(alice, request), sendFrom(alice, request)])
  await sendFrom(alice, { to: ['@bob.42'], text: 'next' })
  await bob.catchUp()
  t.same(bob.texts(alice), ['hello', 'hi', 'deployed', 'next'])
  t.equal(network.submissions.length, 2)
})
