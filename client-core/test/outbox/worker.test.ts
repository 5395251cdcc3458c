import { ConfigError, StorageError, UnavailableError } from '@sotto/protocol'
import { test } from 'tap'
import { befriend, friends, quiet, until, type Desk } from '../support/desk.js'
import { refuseWith, type Answering } from '../support/network.js'
import { NOW_MS } from '../support/world.js'
import { fixedRandom } from '../net/manual-clock.js'
import { nodePorts } from '../../src/node-ports.js'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

const unreachable = refuseWith(new UnavailableError('relay/unreachable', 'cannot reach the relay'))

function busyFor(retryAfterMs: number): Answering {
  return refuseWith(new UnavailableError('relay/unavailable', 'not just now', { retryAfterMs }))
}

/** Ports whose dice always fall so. */
function always(fraction: number) {
  return { ports: { random: { ...fixedRandom(fraction), bytes: nodePorts({}).random.bytes } } }
}

/** How long the row at the head of the outbox waits. */
function waitMs(desk: Desk, peer: Desk): number {
  const row = desk.read.outbox.oldestOf(peer.person.id)
  return (row?.nextMs ?? NaN) - desk.person.core.ports.clock.nowMs()
}

test('rows of one recipient go in order, also when the first fails and is tried again', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  network.next(unreachable)
  alice.compose(bob, 'one')
  alice.compose(bob, 'two')
  await alice.send()
  t.equal(network.submissions.length, 1)
  clock.advance(MINUTE_MS)
  await alice.send()
  await bob.catchUp()
  t.same(bob.texts(alice).slice(-2), ['one', 'two'])
})

test('what waits stands behind what the relay has, in the order in which it was written', async (t) => {
  const { alice, bob, network } = await friends(t)
  for (const text of ['one', 'two', 'three', 'four']) alice.compose(bob, text)
  network.arrivalMs += MINUTE_MS // It takes a minute until the relay has the first.
  network.next((_submission, take) => take())
  network.next((_submission, take) => take())
  network.next(unreachable)
  await alice.send()
  t.equal(alice.read.outbox.ofRecipient(bob.person.id).length, 2)
  t.same(alice.texts(bob).slice(-4), ['one', 'two', 'three', 'four'])
  t.equal(alice.conversation(bob).at(-1)?.status, 'queued')
})

test('messages of one millisecond keep the order in which they were written', async (t) => {
  const { alice, bob, network } = await friends(t) // Whose clock stands.
  const texts = Array.from({ length: 20 }, (_, index) => `text ${String(index)}`)
  for (const text of texts) {
    alice.compose(bob, text)
    network.next((_submission, take) => ({ ...take(), arrivalMs: NOW_MS + MINUTE_MS }))
  }
  await alice.send()
  t.ok(alice.read.outbox.isEmpty())
  t.same(alice.texts(bob).slice(-20), texts)
})

test('a recipient who cannot be reached does not hold up another', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const carol = office.hire('carol')
  await befriend(office, alice, carol)
  let answerBob = (): void => undefined
  network.next(
    () =>
      new Promise((resolve) => {
        answerBob = () => {
          resolve({ kind: 'accepted', arrivalMs: NOW_MS, relayTimeMs: NOW_MS })
        }
      }),
  )
  const toBob = alice.compose(bob, 'slow')
  alice.worker.kick()
  await until(() => network.submissions.length === 1)
  const toCarol = alice.compose(carol, 'fast')
  alice.worker.kick()
  await until(() => alice.status(toCarol) === 'accepted')
  t.equal(alice.status(toBob), 'queued')
  answerBob()
  await until(() => alice.status(toBob) === 'accepted')
})

test('a failed attempt waits a random while, at most a second at first', async (t) => {
  const { alice, bob, network } = await friends(t, always(0.5))
  network.next(unreachable)
  await alice.write(bob, 'later')
  t.equal(waitMs(alice, bob), 500)
})

test('attempts wait twice as long each time, at most five minutes', async (t) => {
  const { alice, bob, network, clock } = await friends(t, always(0.999))
  const waitsMs: number[] = []
  alice.compose(bob, 'again and again')
  for (let attempt = 0; attempt < 11; attempt++) {
    network.next(unreachable)
    await alice.send()
    waitsMs.push(Math.round(waitMs(alice, bob) / 1000))
    clock.advance(waitMs(alice, bob) - 1)
    t.equal(network.submissions.length, attempt + 1)
    clock.advance(1)
  }
  t.same(waitsMs, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
})

test('an attempt waits at least as long as the relay asked, and the random while on top', async (t) => {
  const { alice, bob, network } = await friends(t, always(0.5))
  network.next(busyFor(90_000))
  await alice.write(bob, 'later')
  t.equal(waitMs(alice, bob), 90_500)
})

test('a relay that asks for years is asked again after a quarter of an hour', async (t) => {
  const { alice, bob, network } = await friends(t, always(0))
  network.next(busyFor(Infinity))
  await alice.write(bob, 'later')
  t.equal(waitMs(alice, bob), 15 * MINUTE_MS)
  t.same(alice.faults, [])
})

test('a clock that goes back a year does not keep a message waiting for a year', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  network.next(unreachable)
  const message = await alice.write(bob, 'later')
  clock.jump(-365 * DAY_MS)
  await alice.send()
  await until(() => alice.status(message) === 'accepted')
  t.equal(network.submissions.length, 2)
})

test('a message that could not be delivered for 14 days fails, and says so', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  network.next(unreachable)
  const message = await alice.write(bob, 'too late')
  network.next(unreachable)
  clock.advance(14 * DAY_MS)
  await alice.send()
  t.equal(alice.status(message), 'queued')
  clock.advance(DAY_MS)
  await alice.send()
  t.equal(alice.status(message), 'failed')
  t.match(alice.events().at(-1), {
    type: 'message.status',
    message: { id: message, status: 'failed' },
    error: { code: 'message/expired' },
  })
})

test('a local clock that jumps ahead expires nothing: only the relay’s time counts', async (t) => {
  const { alice, bob, network, clock } = await friends(t, { relayNowMs: () => NOW_MS })
  network.next(unreachable)
  const message = await alice.write(bob, 'in time')
  clock.jump(365 * DAY_MS)
  await alice.send()
  await until(() => alice.status(message) === 'accepted')
})

test('what follows a message that has failed is sent', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  network.next(unreachable)
  await alice.write(bob, 'too late')
  clock.advance(15 * DAY_MS)
  const next = await alice.write(bob, 'in time')
  await until(() => alice.status(next) === 'accepted')
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'in time')
})

test('when the relay has just been reached, what waited goes at once', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.next(unreachable)
  const message = await alice.write(bob, 'now?')
  alice.worker.hasten()
  await until(() => alice.status(message) === 'accepted')
})

test('the worker wakes by itself when the wait is over', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  network.next(unreachable)
  const message = await alice.write(bob, 'later')
  await quiet()
  clock.advance(MINUTE_MS)
  await until(() => alice.status(message) === 'accepted')
})

test('the receipts that are due for one peer leave as one content of each type', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  const sent = [await alice.write(bob, 'one'), await alice.write(bob, 'two')]
  await bob.catchUp()
  bob.markRead(alice)
  network.submissions.length = 0
  clock.advance(MINUTE_MS)
  await bob.send()
  t.equal(network.submissions.length, 2)
  await alice.catchUp()
  t.same(
    sent.map((message) => alice.status(message)),
    ['read', 'read'],
  )
})

test('nothing of a receipt leaves before its random moment has come', async (t) => {
  const { alice, bob, network, clock } = await friends(t, always(0.5))
  await alice.write(bob, 'one')
  await bob.catchUp()
  network.submissions.length = 0
  bob.worker.kick()
  await quiet()
  clock.advance(1_386)
  await quiet()
  t.equal(network.submissions.length, 0)
  clock.advance(1)
  await until(() => network.submissions.length === 1)
})

test('receipts gather while a backlog is opened, and leave when that has ended', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  await alice.write(bob, 'one')
  bob.isCatchingUp = true
  await bob.catchUp()
  network.submissions.length = 0
  clock.advance(MINUTE_MS)
  await bob.send()
  await quiet()
  t.equal(network.submissions.length, 0)
  const message = bob.compose(alice, 'texts do not wait for it')
  await bob.send()
  t.equal(bob.status(message), 'accepted')
  bob.isCatchingUp = false
  bob.worker.kick()
  await until(() => network.submissions.length === 2)
})

test('receipts leave although the clock has gone back a year', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  await alice.write(bob, 'one')
  await bob.catchUp()
  network.submissions.length = 0
  clock.jump(-365 * DAY_MS)
  await bob.send()
  await until(() => network.submissions.length === 1)
})

test('a store that fails ends the work: the fault is told, nothing is tried again', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  alice.compose(bob, 'one')
  network.next(() => {
    alice.person.core.store.transact = () => {
      throw new StorageError('store/full', 'the disk is full')
    }
    return { kind: 'accepted', arrivalMs: NOW_MS, relayTimeMs: NOW_MS }
  })
  await alice.send()
  t.match(alice.faults, [{ code: 'store/full' }])
  clock.advance(DAY_MS)
  alice.worker.kick()
  await quiet()
  t.equal(network.submissions.length, 1)
  t.equal(alice.faults.length, 1)
})

test('an error that time does not cure fails the message at once', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.next(
    refuseWith(new ConfigError('content/too-large', 'the relay takes nothing that large')),
  )
  const message = await alice.write(bob, 'too much')
  t.equal(alice.status(message), 'failed')
  t.ok(alice.read.outbox.isEmpty())
})

test('after it was stopped, the worker begins nothing', async (t) => {
  const { alice, bob, network } = await friends(t)
  await alice.worker.stop()
  alice.compose(bob, 'for the next process')
  alice.worker.kick()
  await quiet()
  t.equal(network.submissions.length, 0)
  t.notOk(alice.read.outbox.isEmpty())
})
