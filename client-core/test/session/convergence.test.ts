import { SessionRecord } from '@signalapp/libsignal-client'
import { test } from 'tap'
import { makePrekeys } from '../../src/account/prekeys.js'
import { Desk, friends, strangers, type Office } from '../support/desk.js'
import type { Letter } from '../support/network.js'
import { NOW_MS } from '../support/world.js'

const DAY_MS = 24 * 60 * 60_000

/** Each of them writes some messages before either has heard of the other. */
async function writeAtOnce(office: Office, count: number): Promise<void> {
  const { alice, bob } = office
  await alice.add(bob)
  await bob.add(alice)
  for (let index = 0; index < count; index++) {
    alice.compose(bob, `a${index}`)
    bob.compose(alice, `b${index}`)
  }
  await Promise.all([alice.send(), bob.send()])
}

function useLastResort({ network }: Office): void {
  network.answerBundle = ({ account }) => network.person(account).bundle({ lastResort: true })
}

function textsBy(desk: Desk, peer: Desk, initial: string): readonly string[] {
  return desk.texts(peer).flatMap((body) => (body?.startsWith(initial) === true ? [body] : []))
}

/** Each writes and the other answers, until both seal in a session that the other has answered. */
async function talk({ alice, bob, clock }: Office): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await alice.write(bob, `later a${round}`)
    await bob.catchUp()
    await bob.write(alice, `later b${round}`)
    await alice.catchUp()
    clock.advance(60_000)
  }
}

function hasSettled(desk: Desk, peer: Desk): boolean {
  const session = desk.read.peers.session(peer.person.id, peer.person.core.own.device)
  return session?.confirmed === true && SessionRecord.deserialize(session.record).hasCurrentState()
}

/** How many bundles were handed out while `work` ran. */
async function bundlesDuring(office: Office, work: () => Promise<void>): Promise<number> {
  const before = office.network.bundlesAsked.length
  await work()
  return office.network.bundlesAsked.length - before
}

for (const keys of ['one-time', 'last-resort']) {
  test(`when both write first with ${keys} keys all arrives once, and one session serves both`, async (t) => {
    const office = strangers(t)
    const { alice, bob } = office
    if (keys === 'last-resort') useLastResort(office)
    await writeAtOnce(office, 3)
    await Promise.all([alice.catchUp(), bob.catchUp()])
    t.equal(await bundlesDuring(office, () => talk(office)), 0)
    t.same(textsBy(bob, alice, 'a'), ['a0', 'a1', 'a2'])
    t.same(textsBy(alice, bob, 'b'), ['b0', 'b1', 'b2'])
    t.same(textsBy(bob, alice, 'later a'), ['later a0', 'later a1', 'later a2'])
    t.same(textsBy(alice, bob, 'later b'), ['later b0', 'later b1', 'later b2'])
    t.ok(hasSettled(alice, bob) && hasSettled(bob, alice))
    t.equal(alice.read.inbox.quarantinedCount() + bob.read.inbox.quarantinedCount(), 0)
  })
}

test('first messages that cross arrive out of order, each once', async (t) => {
  const office = strangers(t)
  const { alice, bob, network } = office
  await writeAtOnce(office, 4)
  await bob.deliver(inOrder(network.mailbox(bob.person.id).toReversed()))
  await alice.deliver(inOrder(network.mailbox(alice.person.id).toReversed()))
  t.same(textsBy(bob, alice, 'a').toSorted(), ['a0', 'a1', 'a2', 'a3'])
  t.same(textsBy(alice, bob, 'b').toSorted(), ['b0', 'b1', 'b2', 'b3'])
  t.equal(alice.read.inbox.quarantinedCount() + bob.read.inbox.quarantinedCount(), 0)
})

/** As a relay would deliver them that reorders: seqs rise. */
function inOrder(letters: readonly Letter[]): readonly Letter[] {
  return letters.map((letter, index) => ({ ...letter, seq: index + 1 }))
}

test('an answer crosses a further first message, and both are read', async (t) => {
  const office = strangers(t)
  const { alice, bob } = office
  await writeAtOnce(office, 1)
  await bob.catchUp()
  await bob.write(alice, 'b1')
  await alice.write(bob, 'a1')
  await Promise.all([alice.catchUp(), bob.catchUp()])
  t.same(textsBy(bob, alice, 'a'), ['a0', 'a1'])
  t.same(textsBy(alice, bob, 'b'), ['b0', 'b1'])
})

test('a first message that is replayed shows nothing and costs nothing', async (t) => {
  const { alice, bob, network } = await friends(t)
  const first = network.mailbox(bob.person.id)[0]!
  const events = bob.events().length
  const { seq } = network.mailbox(bob.person.id).at(-1)!
  await bob.deliver([{ ...first, seq: seq + 1 }])
  t.equal(bob.events().length, events)
  t.equal(bob.read.outbox.countPending(alice.person.id, 'decryption-error'), 0)
})

/** Bob, whom Alice has written to under his last-resort key, without the session and without the memory of it. */
async function forgetful(office: Office): Promise<Letter> {
  const { alice, bob, network } = office
  useLastResort(office)
  await alice.add(bob)
  await alice.write(bob, 'first')
  await bob.catchUp()
  await bob.accept(alice)
  bob.person.core.store.transact((tx) => {
    tx.peers.removeSession(alice.person.id, alice.person.core.own.device)
    tx.inbox.forgetOpened(Infinity)
  })
  const letter = network.mailbox(bob.person.id).at(-1)!
  return { ...letter, seq: letter.seq + 1 }
}

function reasonsOf(desk: Desk): readonly unknown[] {
  const database = desk.person.database()
  const reasons = database.prepare('SELECT reason FROM quarantine', { pluck: true }).all()
  database.close()
  return reasons
}

test('a first message replayed under a last-resort key is refused, and its author is not asked', async (t) => {
  const office = strangers(t)
  const { alice, bob } = office
  const replay = await forgetful(office)
  await bob.deliver([replay])
  t.same(reasonsOf(bob), ['replay'])
  t.equal(bob.read.outbox.countPending(alice.person.id, 'decryption-error'), 0)
  t.same(textsBy(bob, alice, 'first'), ['first'])
})

test('it is refused after a restart, too', async (t) => {
  const office = strangers(t)
  const replay = await forgetful(office)
  const again = new Desk(office.bob.person.afterCrash(t), office.network)
  await again.deliver([replay])
  t.same(reasonsOf(again), ['replay'])
})

test('and after the key was replaced, for as long as the old one is kept', async (t) => {
  const office = strangers(t)
  const { bob } = office
  const replay = await forgetful(office)
  const { core } = bob.person
  for (const days of [3, 30, 55]) {
    core.store.transact((tx) => {
      const levels = { oneTimeEc: 100, oneTimeKyber: 100 }
      makePrekeys(tx, core.own.identity, { levels, nowMs: NOW_MS + days * DAY_MS })
    })
  }
  await bob.deliver([replay])
  t.same(reasonsOf(bob), ['replay'])
})

test('an ordinary envelope that is replayed is a duplicate: nothing is shown, nobody is asked', async (t) => {
  const { alice, bob, network } = await friends(t)
  await alice.write(bob, 'once')
  await bob.catchUp()
  const events = bob.events().length
  const letter = network.mailbox(bob.person.id).at(-1)!
  await bob.deliver([{ ...letter, seq: letter.seq + 1 }])
  t.equal(bob.events().length, events)
  t.equal(bob.read.inbox.quarantinedCount(), 0)
})

test('another message under a key that was used is not taken for a duplicate', async (t) => {
  const { alice, bob, network } = await friends(t)
  const earlier = new Desk(alice.person.afterCrash(t), network)
  await alice.write(bob, 'by the store that goes on')
  await bob.catchUp()
  await earlier.write(bob, 'by the store that was put back')
  await bob.catchUp()
  t.equal(bob.eventTypes().at(-1), 'message.undecryptable')
  await bob.send()
  earlier.acknowledged.push(...alice.acknowledged)
  await earlier.catchUp()
  await earlier.send()
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'by the store that was put back')
})
