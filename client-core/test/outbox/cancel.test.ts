import { UnavailableError, type MessageId } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { findMessage } from '../../src/conversation/find-message.js'
import { readOutboxOf } from '../../src/conversation/reading.js'
import { cancelSends } from '../../src/outbox/cancel.js'
import { retryAll, retrySends } from '../../src/outbox/retry.js'
import { Desk, friends, until, type Office } from '../support/desk.js'
import { loseAnswer, refuseWith } from '../support/network.js'
import { crashAt, NOW_MS } from '../support/world.js'

const unreachable = refuseWith(new UnavailableError('relay/unreachable', 'cannot reach the relay'))

const cancel = (desk: Desk, message: string) =>
  cancelSends(desk.person.core, [findMessage(desk.person.core, message)])
const retry = (desk: Desk, message: string) =>
  retrySends(desk.person.core, [findMessage(desk.person.core, message)])

/** A message of Alice's that was taken back before it was tried. */
async function takenBack(t: Test): Promise<Office & { readonly message: MessageId }> {
  const office = await friends(t)
  const message = office.alice.compose(office.bob, 'never mind')
  await cancel(office.alice, message)
  return { ...office, message }
}

const DAY_MS = 24 * 60 * 60_000

test('what is queued is taken back, is shown as failed and is never sent', async (t) => {
  const { alice, bob, network } = await friends(t)
  const message = alice.compose(bob, 'never mind')
  const cancelled = await cancel(alice, message)
  await alice.send()
  t.match(cancelled, [{ status: 'failed', mayHaveArrived: false }])
  t.equal(alice.status(message), 'failed')
  t.equal(network.submissions.length, 0)
  t.match(alice.events().at(-1), {
    type: 'message.status',
    message: { id: message, status: 'failed' },
    error: { code: 'message/cancelled', exit: 75 },
  })
})

test('what was sealed may have arrived, and the answer says so', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.next(loseAnswer)
  const message = await alice.write(bob, 'too late')
  t.match(await cancel(alice, message), [{ mayHaveArrived: true }])
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'too late')
})

test('what is taken back while it is submitted and is accepted after all says so', async (t) => {
  const { alice, bob, network } = await friends(t)
  const answer: { give: () => void } = { give: () => undefined }
  network.next(async (_submission, take) => {
    await new Promise<void>((resolve) => (answer.give = resolve))
    return take()
  })
  const message = alice.compose(bob, 'racing')
  alice.worker.kick()
  await until(() => network.submissions.length === 1)
  await cancel(alice, message)
  answer.give()
  await until(() => alice.status(message) === 'accepted', 'the answer')
  t.same(alice.faults, [])
})

test('what is taken back while its recipient’s keys are fetched is not sealed', async (t) => {
  const { alice, bob, network } = await friends(t)
  const message = alice.compose(bob, 'never mind')
  const after = alice.compose(bob, 'do mind')
  alice.worker.kick() // Waits for the certificate, then for the lane.
  await cancel(alice, message)
  await alice.send()
  await until(() => alice.status(after) === 'accepted', 'the next message')
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'do mind')
  t.same(alice.faults, [])
  t.equal(network.submissions.length <= 2, true)
})

test('what was accepted, or somebody else wrote, cannot be taken back, and nothing else is', async (t) => {
  const { alice, bob } = await friends(t)
  const accepted = await alice.write(bob, 'gone')
  const waiting = alice.compose(bob, 'waiting')
  const { core } = alice.person
  const both = [findMessage(core, waiting), findMessage(core, accepted)]
  await t.rejects(cancelSends(core, both), { code: 'message/settled', exitCode: 65 })
  t.equal(alice.status(waiting), 'queued')
  const [first] = alice.conversation(bob).filter(({ author }) => author === bob.person.id)
  await t.rejects(cancelSends(core, [first!]), { code: 'message/settled' })
})

test('what waits for its next attempt is due at once', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.next(unreachable)
  const message = await alice.write(bob, 'later')
  const [row] = alice.read.outbox.messages()
  t.match(alice.person.core.views.outbox(row!), {
    ...{ state: 'sealed', attempts: 1, nextAttemptAt: /Z$/ },
    error: { code: 'relay/unreachable' },
  })
  retryAll(alice.person.core)
  await alice.send()
  t.equal(alice.status(message), 'accepted')
})

test('a failed message is queued again under its own id and arrives once', async (t) => {
  const { alice, bob, message } = await takenBack(t)
  t.match(retry(alice, message), [{ message, state: 'queued' }])
  t.match(alice.events().at(-1), { type: 'message.status', message: { status: 'queued' } })
  await alice.send()
  await bob.catchUp()
  t.equal(alice.status(message), 'accepted')
  t.same(bob.texts(alice), ['hello', 'hi', 'never mind'])
  t.equal(bob.conversation(alice).at(-1)?.id, message)
})

test('why a message failed is known after the journal has forgotten, until it is queued again', async (t) => {
  const { alice, bob } = await friends(t)
  const { core } = alice.person
  const message = alice.compose(bob, 'never mind')
  await cancelSends(core, [findMessage(core, message)])
  core.store.transact((tx) => {
    tx.journal.moveCursor('default', tx.journal.newest(), NOW_MS)
    tx.journal.purge(NOW_MS + 100 * DAY_MS)
  })
  t.same(core.store.read.journal.after(0, 10), [])
  t.match(readOutboxOf(core, findMessage(core, message)), {
    status: 'failed',
    error: { code: 'message/cancelled' },
  })
  const [row] = retrySends(core, [findMessage(core, message)])
  if (row === undefined) throw new Error('it is queued')
  t.notOk('error' in core.views.outbox(row))
  t.equal(core.store.read.messages.failureOf(message), undefined)
})

test('whoever got a message that failed here does not get it twice', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.next(loseAnswer)
  const message = await alice.write(bob, 'once')
  await cancel(alice, message)
  retry(alice, message)
  await alice.send()
  await bob.catchUp()
  t.same(bob.texts(alice), ['hello', 'hi', 'once'])
})

test('what has not failed is not queued again', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'gone')
  t.throws(() => retry(alice, message), { code: 'message/settled' })
})

test('dead before a message is taken back, it is sent; dead after, it is not', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const message = alice.compose(bob, 'never mind')
  const before = new Desk(alice.person.afterCrash(t), network)
  const survivorOf = crashAt(t, alice.person, 'outbox.cancelled')
  await cancel(alice, message)
  const after = new Desk(survivorOf(), network)
  await after.send()
  t.equal(after.status(message), 'failed')
  t.equal(network.submissions.length, 0)
  await before.send()
  t.equal(before.status(message), 'accepted')
})

test('dead once a failed message is queued again, the next process sends it', async (t) => {
  const { alice, bob, message, network } = await takenBack(t)
  const survivorOf = crashAt(t, alice.person, 'outbox.requeued')
  retry(alice, message)
  const survivor = new Desk(survivorOf(), network)
  await survivor.send()
  await bob.catchUp()
  t.equal(survivor.status(message), 'accepted')
  t.same(bob.texts(alice), ['hello', 'hi', 'never mind'])
})

test('a receipt is kept with the time the relay took it, the first of a kind', async (t) => {
  const { alice, bob, clock } = await friends(t)
  const message = await alice.write(bob, 'seen?')
  await bob.catchUp()
  bob.markRead(alice)
  clock.advance(60_000)
  await bob.send()
  await alice.catchUp()
  const { core } = alice.person
  t.match(core.views.messageDetail(findMessage(core, message)), {
    message: {
      ...{ status: 'read', edited: false, deleted: false, reactions: [] },
      receipts: [
        { recipient: '@bob.42', account: bob.person.id, status: 'delivered', at: /Z$/ },
        { recipient: '@bob.42', status: 'read', at: /Z$/ },
      ],
    },
  })
})
