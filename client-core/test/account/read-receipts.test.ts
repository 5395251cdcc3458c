import { UnavailableError } from '@sotto/protocol'
import { test } from 'tap'
import { editAccount } from '../../src/account/edit.js'
import { Desk, friends, type Office } from '../support/desk.js'
import { crashAt } from '../support/world.js'

const CONNECTION = {
  setUsername: async () => {
    throw new Error('nobody asks the relay about receipts')
  },
}

async function switchTo(desk: Desk, readReceipts: boolean): Promise<void> {
  const { core } = desk.person
  await editAccount({ core, connection: CONNECTION, relabel: () => undefined }, { readReceipts })
}

/** What is due leaves, and arrives. */
async function settleReceipts({ clock, alice, bob }: Office): Promise<void> {
  clock.advance(60_000)
  await bob.send()
  await alice.catchUp()
}

function relayAway(): never {
  throw new UnavailableError('relay/unreachable', 'the relay is away')
}

test('switched off, what is read is told to nobody, and what is delivered still is', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await switchTo(bob, false)
  const message = await alice.write(bob, 'read me')
  await bob.catchUp()
  bob.markRead(alice)
  await settleReceipts(office)
  t.equal(alice.status(message), 'delivered')
  t.equal(bob.read.outbox.nextReceiptMs(), undefined)
  t.equal(bob.conversation(alice).at(-1)?.seen, true, 'it is read all the same')
})

test('what waited for its moment when it was switched off does not leave', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const message = await alice.write(bob, 'read me')
  await bob.catchUp()
  bob.markRead(alice)
  await switchTo(bob, false)
  await settleReceipts(office)
  t.equal(alice.status(message), 'delivered')
})

test('what was sealed and waited for the relay when it was switched off does not leave', async (t) => {
  const office = await friends(t)
  const { alice, bob, clock, network } = office
  const message = await alice.write(bob, 'read me')
  await bob.catchUp()
  bob.markRead(alice)
  clock.advance(60_000)
  network.next((_, take) => take()) // That it was delivered.
  network.next(relayAway)
  await bob.send()
  t.match(bob.read.outbox.oldestOf(alice.person.id), { kind: 'receipt', state: 'sealed' })
  await switchTo(bob, false)
  t.ok(bob.read.outbox.isEmpty())
  clock.advance(60 * 60_000)
  await bob.send()
  await alice.catchUp()
  t.equal(alice.status(message), 'delivered')
  await bob.write(alice, 'the session goes on')
  await alice.catchUp()
  t.equal(alice.texts(bob).at(-1), 'the session goes on')
})

test('who sends none is shown none: what others read counts as delivered', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const before = await alice.write(bob, 'read before')
  await bob.catchUp()
  bob.markRead(alice)
  await settleReceipts(office)
  const { views, store } = alice.person.core
  const shown = (id: typeof before) => {
    const stored = store.read.messages.get(alice.person.id, id)!
    return [views.message(stored).status, views.receipts(stored).map(({ status }) => status)]
  }
  t.same(shown(before), ['read', ['delivered', 'read']])
  await switchTo(alice, false)
  t.same(shown(before), ['delivered', ['delivered']])

  const meanwhile = await alice.write(bob, 'read meanwhile')
  await bob.catchUp()
  bob.markRead(alice)
  await settleReceipts(office)
  t.same(shown(meanwhile), ['delivered', ['delivered']])
  t.notMatch(alice.events(), [{ message: { status: 'read' } }])
  t.notOk(JSON.stringify(alice.events()).includes('"read"'), 'and no event tells of it')

  await switchTo(alice, true)
  t.equal(shown(before)[0], 'read', 'what was known before is shown again')
  t.equal(shown(meanwhile)[0], 'delivered', 'what was not taken is not known')
})

test('one that is asked for again after it was switched off says that the message came, and no more', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const message = await alice.write(bob, 'read me')
  await bob.catchUp()
  bob.markRead(alice)
  office.clock.advance(60_000)
  await bob.send()
  alice.person.core.store.transact((tx) => {
    tx.peers.removeSession(bob.person.id, bob.person.core.own.device)
  })
  await alice.catchUp()
  t.equal(alice.status(message), 'accepted', 'neither receipt would open')
  await switchTo(bob, false)
  await alice.send()
  await bob.catchUp()
  await bob.send()
  await alice.catchUp()
  t.equal(alice.status(message), 'delivered')
})

test('dead after the commit, it is off and nothing of what waited leaves', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const message = await alice.write(bob, 'read me')
  await bob.catchUp()
  bob.markRead(alice)
  const survivorOf = crashAt(t, bob.person, 'account.edited')
  await switchTo(bob, false)
  const survivor = new Desk(survivorOf(), network)
  t.equal(survivor.person.core.account.readReceipts, false)
  await settleReceipts({ ...office, bob: survivor })
  t.equal(alice.status(message), 'delivered')
})
