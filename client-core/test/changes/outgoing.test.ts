import { UnavailableError } from '@sotto/protocol'
import { test } from 'tap'
import { noteRestored } from '../../src/account/relay-restored.js'
import { findMessage } from '../../src/conversation/find-message.js'
import { readTimeline } from '../../src/conversation/timeline.js'
import { cancelSends } from '../../src/outbox/cancel.js'
import { retrySends } from '../../src/outbox/retry.js'
import {
  change,
  DELETE,
  DELETE_HERE,
  edit,
  eventsSince,
  everything,
  lastSeq,
  react,
  shown,
  wish,
} from '../support/changing.js'
import { Desk, friends, type Office } from '../support/desk.js'
import { loseAnswer, refuseWith, REFUSED } from '../support/network.js'
import { crashAt, NOW_MS } from '../support/world.js'

const DAY_MS = 24 * 60 * 60_000
const unreachable = refuseWith(new UnavailableError('relay/unreachable', 'cannot reach the relay'))

/** Alice has sealed a message that the relay has not seen yet. */
async function sealed({ alice, bob, network }: Office, body: string) {
  network.next(unreachable)
  return alice.write(bob, body)
}

/** What Bob's device cannot open: it forgets the session. */
function loseSession(desk: Desk, peer: Desk): void {
  desk.person.core.store.transact((tx) => {
    tx.peers.removeSession(peer.person.id, peer.person.core.own.device)
  })
}

async function exchange({ alice, bob }: Pick<Office, 'alice' | 'bob'>): Promise<void> {
  await bob.catchUp()
  await bob.send()
  await alice.catchUp()
  await alice.send()
  await bob.catchUp()
}

async function afterAMinute(office: Office): Promise<void> {
  office.clock.advance(60 * 60_000)
  await office.alice.send()
  await office.bob.catchUp()
}

test('a change of what is sealed goes behind it, and several of one kind that wait are one', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const message = await sealed(office, 'one')
  await wish(alice, message, edit('two'))
  await wish(alice, message, edit('three'))
  t.equal(alice.read.outbox.ofTarget(message).length, 1)
  network.submissions.length = 0
  await afterAMinute(office)
  t.equal(network.submissions.length, 2)
  t.match(shown(bob, alice, message), { text: 'three', edited: true })
})

test('what is deleted while its text is sealed leaves no text here, and none there once both came', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const message = await sealed(office, 'wrong window')
  await wish(alice, message, edit('still the wrong window'))
  await wish(alice, message, DELETE)
  t.notMatch(everything(alice), 'wrong window')
  await afterAMinute(office)
  t.match(shown(bob, alice, message), { text: null, deleted: true })
  for (const desk of [alice, bob]) t.notMatch(everything(desk), 'wrong window')
  t.equal(alice.status(message), 'accepted')
})

test('what is deleted while an edit of it is being submitted is deleted, and told behind the edit', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const message = await alice.write(bob, 'one')
  await bob.catchUp()
  network.next(unreachable)
  await change(alice, bob, message, edit('two'))
  await wish(alice, message, DELETE)
  await wish(alice, message, DELETE)
  t.notMatch(everything(alice), 'two')
  await afterAMinute(office)
  t.match(shown(bob, alice, message), { text: null, deleted: true })
})

test('what is deleted while nobody knows whether its text arrived is deleted there too', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  network.next(loseAnswer)
  const message = await alice.write(bob, 'sent?')
  await bob.catchUp()
  t.match(shown(bob, alice, message), { text: 'sent?' })
  await wish(alice, message, DELETE)
  await afterAMinute(office)
  t.match(shown(bob, alice, message), { deleted: true })
})

test('what failed after it was sealed may have arrived, and is deleted for everyone all the same', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  network.next(loseAnswer)
  const message = await alice.write(bob, 'taken back')
  await cancelSends(alice.person.core, [findMessage(alice.person.core, message)])
  await wish(alice, message, DELETE)
  await afterAMinute(office)
  t.match(shown(bob, alice, message), { deleted: true })
})

test('what failed, was edited and is queued again comes as it is now, to who has it already too', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const { core } = alice.person
  network.next(loseAnswer)
  const message = await alice.write(bob, 'old')
  await cancelSends(core, [findMessage(core, message)])
  await wish(alice, message, edit('new'))
  retrySends(core, [findMessage(core, message)])
  await afterAMinute(office)
  t.match(shown(bob, alice, message), { text: 'new', edited: true })
})

test('a change that will not be sent is told in the journal and stands in the conversation', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const message = await alice.write(bob, 'before')
  const seq = lastSeq(alice)
  network.next(refuseWith(REFUSED))
  network.next(refuseWith(REFUSED)) // With a stranger's leave, too.
  await change(alice, bob, message, edit('after'))
  const failed = {
    ...{ type: 'change.failed', change: 'edit', error: { code: 'relay/refused', exit: 77 } },
  }
  t.match(eventsSince(alice, seq).at(-1), { ...failed, message: { id: message } })
  const [line] = readTimeline(alice.person.core, `acct:${bob.person.id}`, {}).slice(-1)
  t.match(line, { ...failed, message })
  t.match(shown(alice, alice, message), { text: 'after' })
})

test('a change that waits for longer than 14 days fails, and made again it is sent again', async (t) => {
  const office = await friends(t)
  const { alice, bob, network, clock } = office
  const message = await alice.write(bob, 'late')
  await bob.catchUp()
  network.next(unreachable)
  await change(alice, bob, message, DELETE)
  clock.advance(15 * DAY_MS)
  const seq = lastSeq(alice)
  await alice.send()
  t.match(eventsSince(alice, seq), [{ type: 'change.failed', change: 'delete' }])
  alice.person.certificate = alice.person.authority.certificate(alice.person.core.own, 2 ** 42)
  await change(alice, bob, message, DELETE)
  t.match(shown(bob, alice, message), { deleted: true })
})

test('a relay that was put back gets the changes of the last days again, behind their messages', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  await bob.catchUp()
  const { core } = alice.person
  const first = await alice.write(bob, 'one')
  await wish(alice, first, edit('two'))
  await alice.send()
  await wish(alice, first, react('🎉'))
  await alice.send()
  const lost = network.mailbox(bob.person.id).at(-1)!.seq
  core.store.transact((tx) => noteRestored(tx, core, { epoch: 7, atMs: NOW_MS }))
  await alice.send()
  await bob.deliver(network.mailbox(bob.person.id).filter(({ seq }) => seq > lost))
  t.match(shown(bob, alice, first), { text: 'two', edited: true, reactions: [{ emoji: '🎉' }] })
  t.ok(alice.read.outbox.isEmpty())
})

test('a relay that says again and again that it was put back gets a change four times', async (t) => {
  const { alice, bob, network } = await friends(t)
  const { core } = alice.person
  const message = await alice.write(bob, 'one')
  await change(alice, bob, message, edit('two'))
  network.submissions.length = 0
  for (let epoch = 2; epoch < 12; epoch++) {
    core.store.transact((tx) => noteRestored(tx, core, { epoch, atMs: NOW_MS }))
    await alice.send()
  }
  const about = network.submissions.length
  t.equal(about, 2 * 4, 'the text and the edit')
})

test('a change that could not be opened comes again', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const message = await alice.write(bob, 'before')
  await bob.catchUp()
  loseSession(bob, alice)
  await wish(alice, message, edit('after'))
  await alice.send()
  await exchange(office)
  t.match(shown(bob, alice, message), { text: 'after', edited: true })
})

test('who could not open a text that was deleted since is told that it was, and gets no text', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  loseSession(bob, alice)
  const message = await alice.write(bob, 'a secret')
  await wish(alice, message, DELETE)
  t.notMatch(everything(alice), 'a secret')
  await alice.send()
  await exchange(office)
  await exchange(office)
  t.equal(shown(bob, alice, message), undefined)
  t.notMatch(everything(bob), 'a secret')
  const lines = readTimeline(bob.person.core, `acct:${alice.person.id}`, {})
  t.match(lines, [{ type: 'message.undecryptable', count: 2, resent: 2 }])
})

test('a text that waits to be sent once more when it is deleted is not', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  loseSession(bob, alice)
  const message = await alice.write(bob, 'a secret')
  await bob.catchUp()
  await bob.send()
  await alice.catchUp()
  t.equal(alice.read.outbox.ofTarget(message).length, 1, 'the text, once more')
  await wish(alice, message, DELETE)
  t.notMatch(everything(alice), 'a secret')
  network.submissions.length = 0
  await alice.send()
  await bob.catchUp()
  t.notMatch(everything(bob), 'a secret')
  t.match(readTimeline(bob.person.core, `acct:${alice.person.id}`, {}), [{ resent: 1 }])
})

test('an own message that is deleted here alone stays with who has it', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const message = await alice.write(bob, 'keep it')
  network.submissions.length = 0
  await change(alice, bob, message, DELETE_HERE)
  t.equal(shown(alice, alice, message), undefined)
  t.match(shown(bob, alice, message), { text: 'keep it' })
  t.equal(network.submissions.length, 0)
  t.notMatch(everything(alice), 'keep it')
})

for (const mark of ['send.sealed', 'send.submitted', 'send.answered', 'send.accepted'] as const)
  test(`an author that dies at ${mark} of a change has it told, once`, async (t) => {
    const { alice, bob, network } = await friends(t)
    const message = await alice.write(bob, 'before')
    await bob.catchUp()
    const survivor = crashAt(t, alice.person, mark)
    await wish(alice, message, edit('after'))
    await alice.send()
    const again = new Desk(survivor(), network)
    await again.send()
    const seq = lastSeq(bob)
    await bob.catchUp()
    t.match(shown(bob, alice, message), { text: 'after' })
    t.match(eventsSince(bob, seq), [{ type: 'message.edited' }])
    t.ok(again.read.outbox.isEmpty())
  })

for (const mark of ['receive.opened', 'receive.committed', 'receive.acknowledged'] as const)
  test(`a reader that dies at ${mark} of changes has each of them once`, async (t) => {
    const { alice, bob, network } = await friends(t)
    const message = await alice.write(bob, 'before')
    await bob.catchUp()
    const seq = lastSeq(bob)
    for (const wanted of [edit('after'), react('👍'), DELETE]) {
      await wish(alice, message, wanted)
      await alice.send()
    }
    const before = bob.acknowledged.length
    const survivor = crashAt(t, bob.person, mark)
    await bob.catchUp()
    const again = new Desk(survivor(), network)
    again.acknowledged.push(...bob.acknowledged.slice(0, before))
    await again.catchUp()
    t.match(shown(again, alice, message), { text: null, deleted: true })
    t.same(
      eventsSince(again, seq).map(({ type }) => type),
      ['message.edited', 'reaction.added', 'message.deleted'],
    )
  })
