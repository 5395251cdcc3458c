import { encodeContent, makeMessageId, type Content, type MessageId } from '@sotto/protocol'
import { test } from 'tap'
import { readAgain } from '../../src/changes/read-again.js'
import { WAITING_MAX } from '../../src/store/tables/changes.js'
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
  tell,
  wish,
} from '../support/changing.js'
import { Desk, friends, strangers } from '../support/desk.js'
import { crashAt, NOW_MS } from '../support/world.js'

const DAY_MS = 24 * 60 * 60_000
const id = (index: number): MessageId =>
  makeMessageId({ nowMs: NOW_MS + index, random: new Uint8Array(10).fill(index & 0xff) })
const textOf = (message: MessageId, body: string): Content => ({
  kind: 'text',
  text: { message, body, replyTo: undefined, silent: false },
})
const editOf = (message: MessageId, body: string, revision = 1): Content => ({
  ...{ kind: 'edit', message, body, revision },
})
const deleteOf = (message: MessageId): Content => ({ kind: 'delete', message })

test('changes that come before their message wait, and are on it when it comes', async (t) => {
  const { alice, bob } = await friends(t)
  const target = { author: alice.person.id, message: id(1) }
  await tell(alice, bob, editOf(id(1), 'newest', 2), editOf(id(1), 'older', 1))
  await tell(alice, bob, { kind: 'reaction', target, emoji: '👍' })
  const seq = lastSeq(bob)
  await tell(alice, bob, textOf(id(1), 'first'))
  t.match(shown(bob, alice, id(1)), { text: 'newest', edited: true, reactions: [{ emoji: '👍' }] })
  t.match(eventsSince(bob, seq), [{ type: 'message.received', message: { text: 'newest' } }])
  t.same(bob.read.changes.waitingFor({ author: alice.person.id, id: id(1) }), [])
})

test('the text of a message whose delete came first is never written down', async (t) => {
  const { alice, bob } = await friends(t)
  await tell(alice, bob, editOf(id(1), 'a secret draft'), deleteOf(id(1)))
  t.notMatch(everything(bob), 'a secret draft')
  await tell(alice, bob, textOf(id(1), 'a secret'), editOf(id(1), 'a secret again', 7))
  t.match(shown(bob, alice, id(1)), { text: null, deleted: true })
  t.notMatch(everything(bob), 'a secret')
  t.equal(bob.read.messages.counts(bob.conversation(alice)[0]!.conversation).unread, 1, 'the hello')
})

test('what waits is bounded, deletes stay longest, and after 60 days it is forgotten', async (t) => {
  const { alice, bob } = await friends(t)
  const waiting = (index: number) =>
    bob.read.changes.waitingFor({ author: alice.person.id, id: id(index) }).length
  await tell(alice, bob, deleteOf(id(0)))
  for (let index = 1; index <= WAITING_MAX; index++) await tell(alice, bob, editOf(id(index), 'x'))
  t.same([waiting(0), waiting(1), waiting(2), waiting(WAITING_MAX)], [1, 0, 1, 1])
  bob.person.core.store.transact((tx) => tx.changes.forgetWaiting(NOW_MS + 61 * DAY_MS))
  t.same([waiting(0), waiting(2)], [0, 0])
})

test('what is deleted here is gone from every view, and a copy that comes again stays away', async (t) => {
  const { alice, bob } = await friends(t)
  await tell(alice, bob, textOf(id(1), 'an old grudge'))
  const seq = lastSeq(bob)
  await wish(bob, id(1), DELETE_HERE)
  t.match(eventsSince(bob, seq), [
    { type: 'message.deleted', sender: { self: true }, message: { id: id(1) } },
  ])
  await tell(alice, bob, textOf(id(1), 'an old grudge'), editOf(id(1), 'an old grudge, edited'))
  t.equal(shown(bob, alice, id(1)), undefined)
  t.notMatch(everything(bob), 'an old grudge')
  t.match(shown(alice, alice, id(1)), undefined) // Sealed by hand: she never stored it.
  t.equal(eventsSince(bob, seq).length, 1)
})

test('what is edited before it was ever sealed is sent as it is then, and nobody hears of another', async (t) => {
  const { alice, bob, network } = await friends(t)
  const message = alice.compose(bob, 'teh plan')
  await wish(alice, message, edit('the plan'))
  await alice.send()
  await bob.catchUp()
  t.match(shown(bob, alice, message), { text: 'the plan', edited: undefined })
  t.match(shown(alice, alice, message), { text: 'the plan', edited: undefined })
  t.equal(network.submissions.length, 1)
})

test('what is deleted before it was ever sealed is never sent', async (t) => {
  const { alice, bob, network } = await friends(t)
  const message = alice.compose(bob, 'better not')
  await wish(alice, message, DELETE)
  await alice.send()
  t.equal(network.submissions.length, 0)
  t.equal(shown(alice, alice, message), undefined)
  t.notMatch(everything(alice), 'better not')
})

test('an author that dies after writing a change down tells it when it is back', async (t) => {
  const { alice, bob, network } = await friends(t)
  const message = await alice.write(bob, 'before')
  await bob.catchUp()
  const survivor = crashAt(t, alice.person, 'change.composed')
  await wish(alice, message, edit('after'))
  const again = new Desk(survivor(), network)
  t.match(shown(again, alice, message), { text: 'after', edited: true })
  await again.send()
  await bob.catchUp()
  t.match(shown(bob, alice, message), { text: 'after', edited: true })
})

test('a request’s changes are of what is held, without a word, and nobody reacts to one', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.person.meet(bob.person)
  await tell(alice, bob, textOf(id(1), 'hello'), textOf(id(2), 'regretted'))
  const seq = lastSeq(bob)
  const target = { author: alice.person.id, message: id(1) }
  await tell(alice, bob, editOf(id(1), 'hello there'), deleteOf(id(2)))
  await tell(alice, bob, { kind: 'reaction', target, emoji: '👍' }, deleteOf(id(3)))
  t.same(eventsSince(bob, seq), [])
  t.match(shown(bob, alice, id(1)), {
    ...{ text: 'hello there', held: true },
    reactions: [{ emoji: '👍', sender: { trust: 'request' } }],
  })
  t.match(shown(bob, alice, id(2)), { text: null, deleted: true })
  t.same(bob.read.changes.waitingFor({ author: alice.person.id, id: id(3) }), [])
  await t.rejects(wish(bob, id(1), react('👍')), { code: 'contact/not-accepted', exitCode: 77 })
  await wish(bob, id(2), DELETE_HERE)
  t.equal(shown(bob, alice, id(2)), undefined)
})

test('what an earlier sotto could not read is read again after the upgrade', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'first')
  await bob.catchUp()
  const conversation = bob.conversation(alice)[0]!.conversation
  const { core } = bob.person
  const kept = (content: Content) =>
    encodeContent({
      ...{ content, sentAtMs: NOW_MS, manifestVersion: 1 },
      ...{ manifestHash: new Uint8Array(32), manifest: undefined },
    })
  const database = bob.person.database()
  core.store.transact((tx) => {
    for (const [index, content] of [editOf(message, 'second'), deleteOf(id(9))].entries())
      tx.messages.add({
        ...{ conversation, author: alice.person.id, id: id(index + 20), device: core.own.device },
        ...{ sentMs: NOW_MS, arrivalMs: NOW_MS, body: null, raw: kept(content) },
        ...{ replyAuthor: null, replyId: null, status: 'received', held: false },
        ...{ seen: false, silent: false },
      })
  })
  database.exec('INSERT INTO read_again SELECT author, id FROM message WHERE raw IS NOT NULL')
  database.close()
  core.store.transact((tx) => readAgain(tx, core))
  t.match(shown(bob, alice, message), { text: 'second', edited: true })
  t.equal(shown(bob, alice, id(20)), undefined)
  t.equal(bob.read.changes.waitingFor({ author: alice.person.id, id: id(9) }).length, 1)
})

test('a change after another one, of whichever kind, comes in order', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'a')
  await bob.catchUp()
  await change(alice, bob, message, edit('b'))
  await change(alice, bob, message, react('👍'))
  await change(alice, bob, message, edit('c'))
  t.match(shown(bob, alice, message), { text: 'c', reactions: [{ emoji: '👍' }] })
})
