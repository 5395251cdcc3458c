import type { Content, MessageId } from '@sotto/protocol'
import { test } from 'tap'
import { befriend, friends, type Desk } from '../support/desk.js'
import { loseAnswer } from '../support/network.js'

/** Puts a receipt into the recipient's mailbox as `from` sealed it. */
async function receipt(
  from: Desk,
  to: Desk,
  type: 'delivered' | 'read',
  message: MessageId,
): Promise<void> {
  const content: Content = { kind: 'receipt', type, messages: [message] }
  const { body } = await from.person.seal(to.person, content)
  to.network.put(to.person.id, body)
  await to.catchUp()
}

test('a receipt moves a message on, and the journal tells it', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'got it?')
  await receipt(bob, alice, 'delivered', message)
  t.equal(alice.status(message), 'delivered')
  t.match(alice.events().at(-1), {
    type: 'message.status',
    message: { id: message, status: 'delivered' },
    conversation: { name: '@bob.42' },
  })
})

test('a status never goes back, and what was passed already is not told', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'got it?')
  await receipt(bob, alice, 'read', message)
  const events = alice.events().length
  await receipt(bob, alice, 'delivered', message)
  await receipt(bob, alice, 'read', message)
  t.equal(alice.status(message), 'read')
  t.equal(alice.events().length, events)
})

test('a receipt from one contact about a message to another changes nothing', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const mallory = office.hire('mallory')
  await befriend(office, alice, mallory)
  const message = await alice.write(bob, 'for Bob')
  const events = alice.events().length
  await receipt(mallory, alice, 'read', message)
  t.equal(alice.status(message), 'accepted')
  t.equal(alice.events().length, events)
})

test('a receipt about somebody else’s message changes nothing', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await bob.write(alice, 'of Bob')
  await alice.catchUp()
  await receipt(bob, alice, 'read', message)
  t.equal(alice.conversation(bob).at(-1)?.status, 'received')
})

test('a receipt that overtakes the lost answer to its submission counts', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  network.next(loseAnswer)
  const message = await alice.write(bob, 'did it leave?')
  await receipt(bob, alice, 'delivered', message)
  t.equal(alice.status(message), 'delivered')
  clock.advance(60_000)
  await alice.send()
  t.equal(alice.status(message), 'delivered')
  t.ok(alice.read.outbox.isEmpty())
})

test('reading a conversation makes a receipt due for each message once', async (t) => {
  const { alice, bob, clock } = await friends(t)
  const message = await alice.write(bob, 'read me')
  await bob.catchUp()
  bob.markRead(alice)
  bob.markRead(alice)
  clock.advance(60_000)
  await bob.send()
  await alice.catchUp()
  t.equal(alice.status(message), 'read')
  bob.markRead(alice)
  t.equal(bob.read.outbox.nextReceiptMs(), undefined)
})
