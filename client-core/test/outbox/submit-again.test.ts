import { test } from 'tap'
import { noteRestored } from '../../src/account/relay-restored.js'
import { cancelSends } from '../../src/outbox/cancel.js'
import { Desk, friends, type Office } from '../support/desk.js'
import { crashAt, NOW_MS } from '../support/world.js'

/** The relay loses what lies in the peer's mailbox, and the desk hears that it was put back. */
function putBack(desk: Desk, epoch = 7): void {
  const { core } = desk.person
  core.store.transact((tx) => noteRestored(tx, core, { epoch, atMs: NOW_MS }))
}

/** Two texts that the relay has accepted, and that Bob never fetched. */
async function lostTexts({ alice, bob, network }: Office) {
  await bob.catchUp()
  const first = await alice.write(bob, 'one')
  const second = await alice.write(bob, 'two')
  const lost = network.mailbox(bob.person.id).slice(-2)
  return { first, second, through: lost.at(-1)!.seq }
}

/** What came to Bob's mailbox after so many. */
function since({ bob, network }: Pick<Office, 'bob' | 'network'>, seq: number) {
  return network.mailbox(bob.person.id).filter((letter) => letter.seq > seq)
}

test('what a relay that was put back has lost goes to it again, in order, before what waits', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const { first, through } = await lostTexts(office)
  alice.compose(bob, 'three')
  putBack(alice)
  await alice.send()
  await bob.deliver(since(office, through))
  t.same(bob.texts(alice).slice(-3), ['one', 'two', 'three'])
  t.equal(alice.status(first), 'accepted')
  t.ok(alice.read.outbox.isEmpty())
})

test('whoever has it already has it once, and says once more that it came', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const { second } = await lostTexts(office)
  await bob.catchUp()
  const before = bob.texts(alice)
  const seq = bob.events().at(-1)?.seq
  bob.person.core.store.transact((tx) => tx.outbox.forgetReceiptsDue(alice.person.id)) // Lost with the relay.
  putBack(alice)
  await alice.send()
  await bob.catchUp()
  t.same(bob.texts(alice), before)
  t.equal(bob.events().at(-1)?.seq, seq)
  t.ok(bob.read.outbox.nextReceiptMs())
  t.equal(alice.status(second), 'accepted')
})

test('what was delivered, and what waits already, is not sent again', async (t) => {
  const office = await friends(t)
  const { alice } = office
  const { second } = await lostTexts(office)
  alice.person.core.store.transact((tx) => {
    tx.messages.advance(alice.person.id, second, 'delivered')
  })
  putBack(alice)
  putBack(alice, 8)
  const waiting = alice.read.outbox.messages()
  t.equal(waiting.length, 1)
  t.not(waiting[0]?.message, second)
  await alice.send()
  t.ok(alice.read.outbox.isEmpty())
})

test('a relay that is put back for ever gets no message for ever', async (t) => {
  const office = await friends(t)
  const { alice } = office
  const { through } = await lostTexts(office)
  for (let epoch = 7; epoch < 20; epoch++) {
    putBack(alice, epoch)
    await alice.send()
  }
  t.equal(since(office, through).length, 8)
})

test('nothing goes again to who is blocked', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await lostTexts(office)
  alice.person.core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(bob.person.id)!
    tx.contacts.save({ ...contact, blocked: true })
  })
  putBack(alice)
  t.ok(alice.read.outbox.isEmpty())
})

test('what is sent again keeps its place in the history, and cannot be taken back', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const { first } = await lostTexts(office)
  const before = alice.conversation(bob)
  const stored = alice.read.messages.get(alice.person.id, first)!
  putBack(alice)
  await t.rejects(cancelSends(alice.person.core, [stored]), { code: 'message/settled' })
  await alice.send()
  t.same(alice.conversation(bob), before)
})

test('a first message that was lost with the relay comes again to a stranger, as a request', async (t) => {
  const office = await friends(t)
  const { bob, network } = office
  const carol = office.hire('carol')
  await carol.add(bob)
  await carol.write(bob, 'hello?')
  const { seq } = network.mailbox(bob.person.id).at(-1)!
  putBack(carol)
  await carol.send()
  await bob.deliver(since(office, seq))
  t.match(bob.events().at(-1), { type: 'contact.request', message: { text: 'hello?' } })
})

for (const mark of ['send.sealed', 'send.submitted', 'send.accepted'] as const) {
  test(`dead at ${mark} while it is sent again, the next process goes on, and it is there once`, async (t) => {
    const office = await friends(t)
    const { alice, bob, network } = office
    const { through } = await lostTexts(office)
    putBack(alice)
    const survivorOf = crashAt(t, alice.person, mark)
    await alice.send()
    const survivor = new Desk(survivorOf(), network)
    await survivor.send()
    await bob.deliver(since(office, through))
    t.same(bob.texts(alice).slice(-2), ['one', 'two'])
    t.equal(bob.texts(alice).filter((text) => text === 'one').length, 1)
    t.ok(survivor.read.outbox.isEmpty())
  })
}
