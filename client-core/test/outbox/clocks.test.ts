import { UnavailableError } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { friends, until, type Desk } from '../support/desk.js'
import { refuseWith, type Submission } from '../support/network.js'
import { NOW_MS, type PersonOptions } from '../support/world.js'

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS

const unreachable = refuseWith(new UnavailableError('relay/unreachable', 'gone'))

/** Friends at a relay whose clock is right, whatever theirs say. */
async function atRelayTime(t: Test, options: PersonOptions = {}) {
  const relay = { timeMs: NOW_MS, hasSpoken: true }
  const office = await friends(t, {
    relayNowMs: () => relay.timeMs,
    knowsRelayTime: () => relay.hasSpoken,
    ...options,
  })
  return { ...office, relay }
}

function keysOf(submission: Submission | undefined) {
  return submission?.envelopes.map(({ idempotencyKey }) => idempotencyKey)
}

test('what was written offline under a clock twenty days slow is sent, not expired', async (t) => {
  const { alice, bob, clock, relay } = await atRelayTime(t)
  relay.hasSpoken = false
  clock.jump(-20 * DAY_MS)
  const message = alice.compose(bob, 'from the past')
  relay.hasSpoken = true
  await alice.send()
  t.equal(alice.status(message), 'accepted')
})

test('before the relay has spoken nothing expires, however late it seems', async (t) => {
  const { alice, bob, clock, network, relay } = await atRelayTime(t)
  const message = alice.compose(bob, 'not too late')
  relay.hasSpoken = false
  clock.jump(30 * DAY_MS)
  network.next(unreachable)
  await alice.send()
  t.equal(alice.status(message), 'queued')
  relay.hasSpoken = true
  clock.advance(HOUR_MS)
  await alice.send()
  t.equal(alice.status(message), 'accepted')
})

test('a message written before the relay had spoken ages from its first meeting with the relay', async (t) => {
  const { alice, bob, clock, network, relay } = await atRelayTime(t)
  relay.hasSpoken = false
  const message = alice.compose(bob, 'waiting')
  relay.hasSpoken = true
  network.next(unreachable)
  await alice.send()
  relay.timeMs += 13 * DAY_MS
  network.next(unreachable)
  clock.advance(HOUR_MS)
  await alice.send()
  t.equal(alice.status(message), 'queued')
  relay.timeMs += 2 * DAY_MS
  clock.advance(HOUR_MS)
  await alice.send()
  t.equal(alice.status(message), 'failed')
})

for (const [name, byMs] of [
  ['a day ahead', DAY_MS],
  ['a day behind', -DAY_MS],
] as const) {
  test(`with a clock ${name} texts and receipts go both ways and nothing is put aside`, async (t) => {
    const { alice, bob, clock } = await atRelayTime(t)
    clock.jump(byMs)
    const message = await alice.write(bob, 'what time is it?')
    await bob.catchUp()
    clock.advance(HOUR_MS)
    await bob.send()
    await alice.catchUp()
    t.equal(bob.texts(alice).at(-1), 'what time is it?')
    t.equal(alice.status(message), 'delivered')
    t.equal(bob.read.inbox.quarantinedCount() + alice.read.inbox.quarantinedCount(), 0)
  })
}

test('a clock that is set back while messages wait neither loses nor delays them by more than minutes', async (t) => {
  const { alice, bob, clock, network } = await atRelayTime(t)
  network.next(unreachable)
  const message = await alice.write(bob, 'wait for me')
  clock.jump(-DAY_MS)
  clock.advance(20 * 60_000)
  alice.worker.kick()
  await until(() => alice.status(message) === 'accepted')
  t.ok(alice.read.outbox.isEmpty())
})

test('an envelope that waited three days gets a certificate that lives, the same key and the same ratchet message', async (t) => {
  const { alice, bob, clock, network, relay } = await atRelayTime(t)
  network.next(unreachable)
  const message = await alice.write(bob, 'three days late')
  const before = rowOf(alice, bob)
  clock.advance(3 * DAY_MS)
  relay.timeMs += 3 * DAY_MS
  const { person } = alice
  person.certificate = person.authority.certificate(person.core.own, relay.timeMs + 2 * DAY_MS)
  network.arrivalMs = relay.timeMs
  await alice.send()
  await bob.catchUp()
  t.equal(alice.status(message), 'accepted')
  t.equal(bob.texts(alice).at(-1), 'three days late')
  t.same(keysOf(network.submissions.at(-1)), keysOf(network.submissions[0]))
  t.not(before.certificateExpiresMs, person.certificate.expiresMs)
  t.same(before.session, alice.read.peers.session(bob.person.id, bob.person.core.own.device))
})

function rowOf(desk: Desk, peer: Desk) {
  const row = desk.read.outbox.oldestOf(peer.person.id)
  const [envelope] = row === undefined ? [] : desk.read.outbox.envelopes(row.row)
  if (envelope === undefined) throw new Error('nothing waits')
  const session = desk.read.peers.session(peer.person.id, peer.person.core.own.device)
  return { certificateExpiresMs: envelope.certificateExpiresMs, session }
}

test('without a new certificate the same envelope would have been refused', async (t) => {
  const { alice, bob, network, relay } = await atRelayTime(t)
  await alice.write(bob, 'too late')
  const letter = network.mailbox(bob.person.id).at(-1)!
  await bob.deliver([{ ...letter, arrivalMs: relay.timeMs + 3 * DAY_MS }])
  t.equal(bob.read.inbox.quarantinedCount(), 1)
})
