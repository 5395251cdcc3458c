import { hex } from '@sotto/protocol'
import { test } from 'tap'
import { Desk, friends, until, type Office } from '../support/desk.js'
import type { Submission } from '../support/network.js'
import { crashAt, type Person } from '../support/world.js'

/** The same account at the same network, in a new process. */
function again(office: Office, person: Person): Desk {
  return new Desk(person, office.network)
}

function bytesOf(submission: Submission | undefined): string {
  return hex(submission?.envelopes[0]?.body ?? new Uint8Array(0))
}

/** What is on disk for the message at the head of the outbox. */
function rowFor(desk: Desk, peer: Desk) {
  const row = desk.read.outbox.oldestOf(peer.person.id)
  return row === undefined
    ? undefined
    : { state: row.state, envelopes: desk.read.outbox.envelopes(row.row).length }
}

test('dead before the message is composed, nothing is on disk', async (t) => {
  const office = await friends(t)
  const survivor = again(office, office.alice.person.afterCrash(t))
  office.alice.compose(office.bob, 'never')
  t.ok(survivor.read.outbox.isEmpty())
  t.same(survivor.texts(office.bob), ['hello', 'hi'])
})

test('dead once it is composed, the row is queued and the next process seals and sends it', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const message = alice.compose(bob, 'composed')
  const survivor = again(office, alice.person.afterCrash(t))
  t.same(rowFor(survivor, bob), { state: 'queued', envelopes: 0 })
  await survivor.send()
  await bob.catchUp()
  t.equal(survivor.status(message), 'accepted')
  t.equal(bob.texts(alice).at(-1), 'composed')
})

test('dead once it is sealed, the row holds the bytes, and exactly these are submitted', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const survivorOf = crashAt(t, alice.person, 'send.sealed')
  network.next(() => new Promise(() => undefined)) // The process dies before an answer comes.
  alice.compose(bob, 'sealed')
  alice.worker.kick()
  await until(() => network.submissions.length === 1)
  const survivor = again(office, survivorOf())
  t.same(rowFor(survivor, bob), { state: 'sealed', envelopes: 1 })
  await survivor.send()
  t.equal(bytesOf(network.submissions[1]), bytesOf(network.submissions[0]))
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'sealed')
})

test('dead after the relay’s commit, it is submitted again and arrives once', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const survivorOf = crashAt(t, alice.person, 'send.submitted')
  const message = await alice.write(bob, 'submitted')
  const waiting = network.mailbox(bob.person.id).length
  const survivor = again(office, survivorOf())
  t.same(rowFor(survivor, bob), { state: 'sealed', envelopes: 1 })
  await survivor.send()
  t.equal(network.mailbox(bob.person.id).length, waiting)
  t.equal(survivor.status(message), 'accepted')
  await bob.catchUp()
  t.same(bob.texts(alice), ['hello', 'hi', 'submitted'])
})

test('dead once the acceptance is recorded, nothing is left to do', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const survivorOf = crashAt(t, alice.person, 'send.accepted')
  const message = await alice.write(bob, 'accepted')
  const survivor = again(office, survivorOf())
  t.equal(survivor.status(message), 'accepted')
  t.ok(survivor.read.outbox.isEmpty())
  await survivor.send()
  t.equal(network.submissions.length, 1)
})

test('dead between opening and committing, nothing has changed and the envelope opens again', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await alice.write(bob, 'opened')
  const survivorOf = crashAt(t, bob.person, 'receive.opened')
  await bob.catchUp()
  const survivor = again(office, survivorOf())
  t.same(survivor.texts(alice), ['hello', 'hi'])
  await survivor.catchUp()
  t.same(survivor.texts(alice), ['hello', 'hi', 'opened'])
  t.same(
    survivor.eventTypes().filter((type) => type === 'message.undecryptable'),
    [],
  )
})

test('dead between committing and acknowledging, what comes again is recognised and acknowledged', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await alice.write(bob, 'committed')
  const survivorOf = crashAt(t, bob.person, 'receive.committed')
  await bob.catchUp()
  const survivor = again(office, survivorOf())
  const events = survivor.events().length
  await survivor.catchUp()
  t.same(survivor.texts(alice), ['hello', 'hi', 'committed'])
  t.equal(survivor.events().length, events)
  t.same(survivor.acknowledged, [bob.acknowledged.at(-1)])
})

test('dead once an envelope is quarantined, it is not quarantined a second time', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  await alice.write(bob, 'spoilt')
  network.mailbox(bob.person.id).at(-1)?.body.fill(0)
  const survivorOf = crashAt(t, bob.person, 'receive.quarantined')
  await bob.catchUp()
  const survivor = again(office, survivorOf())
  await survivor.catchUp()
  t.equal(survivor.read.inbox.quarantinedCount(), 1)
  t.same(survivor.acknowledged, [bob.acknowledged.at(-1)])
})

test('a process that dies again and again at every mark still sends each text once, in order', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  alice.compose(bob, 'one')
  alice.compose(bob, 'two')
  const first = crashAt(t, alice.person, 'send.sealed')
  await alice.send()
  const second = again(office, first())
  const afterSecond = crashAt(t, second.person, 'send.submitted')
  await second.send()
  const third = again(office, afterSecond())
  await third.send()
  await bob.catchUp()
  t.same(bob.texts(alice), ['hello', 'hi', 'one', 'two'])
  t.same(
    bob.eventTypes().filter((type) => type === 'message.undecryptable'),
    [],
  )
})
