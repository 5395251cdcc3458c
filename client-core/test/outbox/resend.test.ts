import { decodeContent } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { befriend, Desk, friends, strangers, until, type Office } from '../support/desk.js'
import { crashAt } from '../support/world.js'

const HOUR_MS = 60 * 60_000

/** The desk's device forgets its session with the peer's. */
function loseSession(desk: Desk, peer: Desk): void {
  desk.person.core.store.transact((tx) => {
    tx.peers.removeSession(peer.person.id, peer.person.core.own.device)
  })
}

/** Bob reads and answers, Alice reads and answers, Bob reads. */
async function exchange({ alice, bob }: Pick<Office, 'alice' | 'bob'>): Promise<void> {
  await bob.catchUp()
  await bob.send()
  await alice.catchUp()
  await alice.send()
  await bob.catchUp()
}

function typesAfter(desk: Desk, seq: number): readonly string[] {
  return desk
    .events()
    .filter((event) => (event.seq ?? 0) > seq)
    .map(({ type }) => type)
}

function lastSeq(desk: Desk): number {
  return desk.events().at(-1)?.seq ?? 0
}

test('a message that could not be opened is shown as lost at once, asked for, and comes again', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  loseSession(bob, alice)
  const seq = lastSeq(bob)
  await alice.write(bob, 'come again?')
  await exchange(office)
  t.same(typesAfter(bob, seq), ['message.undecryptable', 'message.received'])
  t.match(
    bob.events().find(({ type }) => type === 'message.undecryptable'),
    { reason: 'could not be opened', resendAsked: true, sender: { id: alice.person.id } },
  )
  t.equal(bob.texts(alice).at(-1), 'come again?')
})

test('a resend keeps id, time and status of the message, and is no second message', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  loseSession(bob, alice)
  const message = await alice.write(bob, 'come again?')
  const seq = lastSeq(alice)
  const before = alice.read.messages.get(alice.person.id, message)
  await exchange(office)
  t.same(alice.read.messages.get(alice.person.id, message), before)
  t.same(typesAfter(alice, seq), [])
  t.match(bob.conversation(alice).at(-1), { id: message, sentMs: before?.sentMs })
})

test('the longest text that may be sent fits when it is sent again', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const longest = 'x'.repeat(60 * 1024)
  loseSession(bob, alice)
  await alice.write(bob, longest)
  await exchange(office)
  t.equal(bob.texts(alice).at(-1), longest)
})

test('every message that a lost session cost comes again, and afterwards one session serves both', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  loseSession(bob, alice)
  for (const body of ['one', 'two', 'three']) await alice.write(bob, body)
  await exchange(office)
  t.same(bob.texts(alice).slice(2), ['one', 'two', 'three'])
  await bob.write(alice, 'all here')
  await alice.catchUp()
  await alice.write(bob, 'good')
  await bob.catchUp()
  t.equal(bob.read.inbox.quarantinedCount(), 3)
  t.equal(alice.read.inbox.quarantinedCount(), 0)
  t.equal(bob.texts(alice).at(-1), 'good')
})

test('an error is sealed without a ratchet, in a bucket like any other, under the access key', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  loseSession(bob, alice)
  await alice.write(bob, 'come again?')
  await bob.catchUp()
  await bob.send()
  const submission = network.submissions.at(-1)
  t.match(submission, { account: alice.person.id, leave: { kind: 'access-key' } })
  t.same(network.bundlesAsked, [])
  t.equal(bob.read.peers.session(alice.person.id, alice.person.core.own.device), undefined)
})

test('what was told twice is asked for once', async (t) => {
  const { alice, bob, network } = await friends(t)
  loseSession(bob, alice)
  await alice.write(bob, 'come again?')
  const letter = network.mailbox(bob.person.id).at(-1)!
  await bob.catchUp()
  await bob.deliver([{ ...letter, seq: letter.seq + 1 }])
  t.equal(bob.read.outbox.countPending(alice.person.id, 'decryption-error'), 1)
  t.equal(bob.eventTypes().filter((type) => type === 'message.undecryptable').length, 2)
})

test('a replayed error brings nothing more', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  loseSession(bob, alice)
  await alice.write(bob, 'come again?')
  await exchange(office)
  const error = network.mailbox(alice.person.id).at(-1)!
  const sent = network.submissions.length
  await alice.deliver([{ ...error, seq: error.seq + 1 }])
  await alice.send()
  t.equal(network.submissions.length, sent)
})

test('a peer that can never open anything gets each message twice and no more', async (t) => {
  const office = await friends(t)
  const { alice, bob, clock, network } = office
  const bundle = bob.person.bundle()
  network.answerBundle = () => bundle
  bob.person.core.store.transact((tx) => tx.prekeys.removeOneTime())
  loseSession(bob, alice)
  await alice.write(bob, 'one')
  await alice.write(bob, 'two')
  for (let round = 0; round < 6; round++) {
    await exchange(office)
    clock.advance(HOUR_MS + 1)
  }
  const toBob = network.submissions.filter(({ account }) => account === bob.person.id)
  t.equal(toBob.length, 4)
  t.ok(alice.read.outbox.isEmpty())
})

test('a session is given up for one device once an hour, however many errors come', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  for (const body of ['one', 'two', 'three']) {
    loseSession(bob, alice)
    await alice.write(bob, body)
    await exchange(office)
    t.equal(bundlesOf(office), 1)
  }
})

/** How often Bob's prekeys were asked for; his receipts may ask for Alice's. */
function bundlesOf({ network, bob }: Office): number {
  return network.bundlesAsked.filter(({ account }) => account === bob.person.id).length
}

function submittedTo({ network }: Office, { person }: Desk): number {
  return network.submissions.filter(({ account }) => account === person.id).length
}

/** Friends whose session has broken twice within an hour: what was written last is still missing. */
async function brokenTwice(t: Test) {
  const office = await friends(t)
  const { alice, bob } = office
  for (const body of ['one', 'two', 'three']) {
    if (body !== 'three') loseSession(bob, alice)
    await alice.write(bob, body)
    await exchange(office)
  }
  t.same(bob.texts(alice).slice(2), ['one'])
  return office
}

test('what a session costs that breaks twice within an hour comes when the hour is over', async (t) => {
  const office = await brokenTwice(t)
  const { alice, bob, clock } = office
  const sent = submittedTo(office, bob)
  clock.advance(HOUR_MS - 1)
  await alice.send()
  t.equal(submittedTo(office, bob), sent, 'nothing more is sealed in the broken session')
  clock.advance(1)
  await until(() => alice.read.sent.nextErrorMs() === undefined)
  await alice.send()
  await exchange(office)
  t.same(bob.texts(alice).slice(2), ['one', 'two', 'three'])
  t.equal(bundlesOf(office), 2)
})

test('an error that waits for its hour outlives the process', async (t) => {
  const { alice, bob, clock, network } = await brokenTwice(t)
  const survivor = new Desk(alice.person.afterCrash(t), network)
  survivor.acknowledged.push(...alice.acknowledged)
  clock.advance(HOUR_MS)
  survivor.worker.kick()
  await until(() => survivor.read.sent.nextErrorMs() === undefined)
  await survivor.send()
  await bob.catchUp()
  t.same(bob.texts(alice).slice(2), ['one', 'two', 'three'])
})

test('an error that waits gets nothing from who has blocked its author since', async (t) => {
  const office = await brokenTwice(t)
  const { alice, bob, clock } = office
  block(alice, bob)
  const sent = submittedTo(office, bob)
  clock.advance(HOUR_MS)
  alice.worker.kick()
  await until(() => alice.read.sent.nextErrorMs() === undefined)
  await alice.send()
  t.equal(submittedTo(office, bob), sent)
})

test('a stranger’s request that does not open is not answered', async (t) => {
  const { alice, bob, network } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  bob.person.core.store.transact((tx) => tx.prekeys.removeOneTime())
  await bob.catchUp()
  t.equal(bob.read.inbox.quarantinedCount(), 1)
  t.ok(bob.read.outbox.isEmpty())
  t.equal(network.submissions.length, 1)
})

test('whom we have blocked is not asked and gets nothing again', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  block(bob, alice)
  loseSession(bob, alice)
  await alice.write(bob, 'come again?')
  await bob.catchUp()
  t.ok(bob.read.outbox.isEmpty())
})

test('an error of somebody we have blocked since gets nothing', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  loseSession(bob, alice)
  await alice.write(bob, 'come again?')
  await bob.catchUp()
  await bob.send()
  block(alice, bob)
  const sent = network.submissions.length
  await alice.catchUp()
  await alice.send()
  t.equal(network.submissions.length, sent)
})

function block(desk: Desk, peer: Desk): void {
  desk.person.core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(peer.person.id)
    if (contact !== undefined) tx.contacts.save({ ...contact, blocked: true })
  })
}

test('an error about what went to somebody else gets nothing', async (t) => {
  const office = await friends(t)
  const { alice, bob, hire, network } = office
  const carol = hire('carol')
  await befriend(office, alice, carol)
  loseSession(bob, alice)
  await alice.write(bob, 'for Bob only')
  await bob.catchUp()
  const content = errorIn(bob)
  const { body } = await carol.person.seal(alice.person, content)
  network.put(alice.person.id, body)
  const sent = network.submissions.length
  await alice.catchUp()
  await alice.send()
  t.equal(network.submissions.length, sent)
})

/** The decryption error that waits in a desk's outbox. */
function errorIn(desk: Desk) {
  const [recipient] = desk.read.outbox.recipients()
  const row = recipient === undefined ? undefined : desk.read.outbox.oldestOf(recipient)
  if (row?.kind !== 'decryption-error') throw new Error('no error waits')
  return decodeContent(row.content).content
}

test('a message that is gone is not sent again', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  loseSession(bob, alice)
  const message = await alice.write(bob, 'regretted')
  alice.person.core.store.transact((tx) => {
    tx.sent.removeMessage(message)
  })
  await exchange(office)
  t.equal(bob.read.inbox.quarantinedCount(), 1)
  t.notOk(bob.texts(alice).includes('regretted'))
})

test('dead between opening an error and committing, the answer still goes out once', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  loseSession(bob, alice)
  await alice.write(bob, 'come again?')
  await bob.catchUp()
  await bob.send()
  const survivorOf = crashAt(t, alice.person, 'receive.opened')
  await alice.catchUp()
  const survivor = new Desk(survivorOf(), office.network)
  await survivor.catchUp()
  await survivor.send()
  await bob.catchUp()
  t.same(bob.texts(alice).slice(2), ['come again?'])
})

test('dead between committing an error’s answer and acknowledging, it goes out once', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  loseSession(bob, alice)
  await alice.write(bob, 'come again?')
  await bob.catchUp()
  await bob.send()
  const survivorOf = crashAt(t, alice.person, 'receive.committed')
  await alice.catchUp()
  const survivor = new Desk(survivorOf(), network)
  const sent = network.submissions.length
  await survivor.catchUp()
  await survivor.send()
  t.equal(network.submissions.length, sent + 1)
})

test('dead once a message is quarantined, its author is asked once', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  loseSession(bob, alice)
  await alice.write(bob, 'come again?')
  const survivorOf = crashAt(t, bob.person, 'receive.quarantined')
  await bob.catchUp()
  const survivor = new Desk(survivorOf(), network)
  await survivor.catchUp()
  const sent = network.submissions.length
  await survivor.send()
  t.equal(network.submissions.length, sent + 1)
})

test('a store put back from an earlier day recovers: what each writes to the other arrives', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const earlier = bob.person.afterCrash(t)
  for (const body of ['a', 'b', 'c']) {
    await alice.write(bob, body)
    await bob.catchUp()
    await bob.write(alice, body.toUpperCase())
    await alice.catchUp()
  }
  const restored = new Desk(earlier, network)
  restored.acknowledged.push(...bob.acknowledged)
  const again = { alice, bob: restored }
  await restored.write(alice, 'I am back')
  await exchange({ alice: restored, bob: alice })
  t.equal(alice.texts(restored).at(-1), 'I am back')
  await alice.write(restored, 'welcome')
  await exchange(again)
  t.equal(restored.texts(alice).at(-1), 'welcome')
})
