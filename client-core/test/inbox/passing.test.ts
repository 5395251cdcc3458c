import { test } from 'tap'
import type { Content } from '@sotto/protocol'
import { TELL_MS_MIN } from '../../src/typing/telling.js'
import { quiet, type Desk } from '../support/desk.js'
import { writers } from '../support/writer.js'

const STARTED: Content = { kind: 'typing', started: true }

/** What was sealed comes as an ephemeral envelope. */
async function hand(to: Desk, envelope: { readonly body: Uint8Array }): Promise<void> {
  const body = new Uint8Array(envelope.body)
  to.inbox.passing({ body, arrivalMs: to.person.core.ports.clock.nowMs() })
  await quiet()
}

test('an ephemeral envelope that does not open is dropped: not shown, not kept, not asked for', async (t) => {
  const { alice, bob, ben } = await writers(t)
  const { body } = await alice.person.seal(bob.person, STARTED)
  const torn = body.map((byte, at) => (at === 700 ? byte ^ 1 : byte))
  await hand(bob, { body: torn })
  await hand(bob, { body: new Uint8Array(1024) })
  await hand(bob, await alice.person.sealPlaintext(bob.person, new Uint8Array([255, 255])))
  t.same(ben.told, [])
  t.equal(bob.read.inbox.quarantinedCount(), 0)
  t.ok(bob.read.outbox.isEmpty())
  t.same(bob.faults, [])
})

test('one that comes twice is told once, also where it comes with a place in the mailbox', async (t) => {
  const { alice, bob, ben, network } = await writers(t)
  const envelope = await alice.person.seal(bob.person, STARTED)
  await hand(bob, envelope)
  await hand(bob, envelope)
  network.put(bob.person.id, envelope.body)
  await bob.catchUp()
  t.same(ben.typists, ['typing.started'])
  t.notOk(bob.eventTypes().includes('message.undecryptable'), 'a relay cannot make a loss of it')
  t.ok(bob.read.outbox.isEmpty())
})

test('that somebody writes says nothing where a relay has stored it, and is acknowledged', async (t) => {
  const { alice, bob, ben, network } = await writers(t)
  const { body } = await alice.person.seal(bob.person, STARTED)
  const { seq } = network.put(bob.person.id, body)
  const before = bob.eventTypes().length
  await bob.catchUp()
  t.same(ben.typists, [])
  t.equal(bob.eventTypes().length, before)
  t.ok(bob.acknowledged.includes(seq))
  t.ok(bob.read.outbox.nextReceiptMs() === undefined, 'nothing is due for it')
})

test('a text that comes so is a text, told once although the relay delivers it as well', async (t) => {
  const { alice, bob, network, ben } = await writers(t)
  const message = await alice.write(bob, 'urgent')
  const [letter] = network.mailbox(bob.person.id).slice(-1)
  if (letter === undefined) throw new Error('it is in the mailbox')
  await hand(bob, letter)
  t.equal(bob.texts(alice).at(-1), 'urgent')
  t.match(ben.told.at(-1), { type: 'message.received', message: { id: message } })
  await bob.catchUp()
  t.equal(bob.texts(alice).filter((text) => text === 'urgent').length, 1)
  t.notOk(bob.eventTypes().includes('message.undecryptable'))
})

test('a thousand that are lost do no harm: what is sent behind them opens', async (t) => {
  const { alice, bob, network } = await writers(t)
  for (let lost = 0; lost < 1000; lost++) await alice.person.seal(bob.person, STARTED)
  await alice.write(bob, 'after all that')
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'after all that')
  await bob.write(alice, 'yes')
  await alice.catchUp()
  await alice.write(bob, 'and in the next chain')
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'and in the next chain')
  t.equal(bob.read.inbox.quarantinedCount(), 0)
  t.equal(network.submissions.length, 3)
})

test('one does not overtake what waits in the mailbox', async (t) => {
  const { ann, ben, alice, bob, network } = await writers(t)
  bob.inbox.disconnected()
  await alice.write(bob, 'one')
  await alice.write(bob, 'two')
  await ann.tell(ben)
  const [passed] = network.passed
  if (passed === undefined) throw new Error('it was told')
  await hand(bob, { body: new Uint8Array(passed.envelopes[0]?.body ?? []) })
  t.same(ben.typists, [], 'it waits')
  await bob.catchUp()
  await quiet()
  t.same(
    ben.told.map(({ type }) => type),
    ['message.received', 'message.received', 'typing.started'],
  )
})

test('one that would step over hundreds of messages is left unopened, and these open', async (t) => {
  const { alice, bob, ben } = await writers(t)
  for (let count = 0; count < 600; count++) alice.compose(bob, `text ${count}`)
  await alice.send()
  await hand(bob, await alice.person.seal(bob.person, STARTED))
  t.same(ben.typists, [])
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'text 599')
  t.equal(bob.read.inbox.quarantinedCount(), 0)
})

test('of many that wait only the newest few are opened', async (t) => {
  const { ann, ben, bob, clock, network } = await writers(t)
  bob.inbox.disconnected()
  for (let count = 0; count < 40; count++) {
    clock.advance(TELL_MS_MIN)
    await ann.tell(ben)
  }
  t.equal(network.passed.length, 40)
  await ben.hear()
  let opened = 0
  const { log } = bob.person.core.ports
  t.teardown(() => Object.assign(log, { debug }))
  const debug = log.debug.bind(log)
  Object.assign(log, {
    debug: (event: string) => {
      if (event === 'inbox.passing') opened += 1
    },
  })
  await bob.catchUp()
  await quiet()
  t.equal(opened, 32)
})
