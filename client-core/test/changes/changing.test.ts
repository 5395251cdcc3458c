import { makeMessageId, type Content, type MessageId } from '@sotto/protocol'
import { test } from 'tap'
import {
  change,
  DELETE,
  edit,
  eventsSince,
  lastSeq,
  react,
  shown,
  tell,
  wish,
} from '../support/changing.js'
import { friends } from '../support/desk.js'
import { NOW_MS } from '../support/world.js'

const id = (index: number): MessageId =>
  makeMessageId({ nowMs: NOW_MS, random: new Uint8Array(10).fill(index) })
const textOf = (message: MessageId, body: string): Content => ({
  kind: 'text',
  text: { message, body, replyTo: undefined, silent: false },
})
const editOf = (message: MessageId, body: string, revision: number): Content => ({
  ...{ kind: 'edit', message, body, revision },
})

test('an edit shows its text on both sides, says so, and is told to both', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'teh plan')
  await bob.catchUp()
  const seqs = [lastSeq(alice), lastSeq(bob)] as const
  await change(alice, bob, message, edit('the plan'))
  for (const desk of [alice, bob])
    t.match(shown(desk, alice, message), { text: 'the plan', edited: true, editedAt: /Z$/ })
  const [own] = eventsSince(alice, seqs[0])
  t.match(own, { type: 'message.edited', sender: { self: true }, message: { text: 'the plan' } })
  t.match(eventsSince(bob, seqs[1]), [
    { type: 'message.edited', sender: { id: alice.person.id }, message: { text: 'the plan' } },
  ])
})

test('a delete for everyone leaves a place without a text on both sides', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'wrong window')
  await bob.catchUp()
  await change(bob, alice, message, react('👀'))
  const seq = lastSeq(bob)
  await change(alice, bob, message, DELETE)
  for (const desk of [alice, bob])
    t.match(shown(desk, alice, message), { text: null, deleted: true, reactions: undefined })
  t.match(eventsSince(bob, seq), [
    { type: 'message.deleted', sender: { id: alice.person.id }, message: { id: message } },
  ])
  t.equal(bob.conversation(alice).at(-1)?.id, message, 'its place stays')
})

test('an answer quotes what is said now, and says what was deleted', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'see you Tusday')
  await bob.catchUp()
  const answer = await bob.write(alice, 'ok', { author: alice.person.id, message })
  await alice.catchUp()
  await change(alice, bob, message, edit('see you Tuesday'))
  for (const desk of [alice, bob])
    t.match(shown(desk, bob, answer)?.replyTo, { id: message, quote: 'see you Tuesday' })
  await change(alice, bob, message, DELETE)
  for (const desk of [alice, bob]) {
    const replyTo = shown(desk, bob, answer)?.replyTo
    t.match(replyTo, { id: message, deleted: true })
    t.notOk(replyTo?.quote)
  }
})

test('one person has one reaction, a newer takes its place, and it can be taken back', async (t) => {
  const { alice, bob, clock } = await friends(t)
  const message = await alice.write(bob, 'lunch?')
  await bob.catchUp()
  const seq = lastSeq(alice)
  await change(bob, alice, message, react('👍'))
  await change(bob, alice, message, react('❤️'))
  clock.advance(1000)
  await change(alice, bob, message, react('🎉'))
  for (const desk of [alice, bob])
    t.match(shown(desk, alice, message)?.reactions, [
      { emoji: '❤️', sender: { id: bob.person.id } },
      { emoji: '🎉', sender: { id: alice.person.id } },
    ])
  await change(bob, alice, message, react(''))
  t.match(shown(alice, alice, message)?.reactions, [{ emoji: '🎉' }])
  t.match(
    eventsSince(alice, seq).flatMap((event) =>
      'emoji' in event ? [[event.type, event.emoji]] : [],
    ),
    [
      ['reaction.added', '👍'],
      ['reaction.added', '❤️'],
      ['reaction.added', '🎉'],
      ['reaction.removed', '❤️'],
    ],
  )
})

test('of several edits the highest revision counts, in whatever order they come', async (t) => {
  const { alice, bob } = await friends(t)
  const texts = [editOf(id(1), 'second', 2), editOf(id(1), 'first', 1), editOf(id(1), 'third', 3)]
  await tell(alice, bob, textOf(id(1), 'none'), ...texts)
  await tell(
    alice,
    bob,
    textOf(id(2), 'none'),
    editOf(id(2), 'third', 3),
    editOf(id(2), 'first', 1),
  )
  t.match(shown(bob, alice, id(1)), { text: 'third' })
  t.match(shown(bob, alice, id(2)), { text: 'third' })
})

test('an edit or a delete of what somebody else wrote changes nothing', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'mine')
  await bob.catchUp()
  const seq = lastSeq(alice)
  await tell(bob, alice, editOf(message, 'yours', 1), { kind: 'delete', message })
  t.match(shown(alice, alice, message), { text: 'mine' })
  t.same(eventsSince(alice, seq), [])
})

test('a reaction to what was said in another conversation changes nothing', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const carol = office.hire('carol')
  await alice.add(carol)
  const elsewhere = await alice.write(carol, 'between us')
  const target = { author: alice.person.id, message: elsewhere }
  await tell(bob, alice, { kind: 'reaction', target, emoji: '👍' })
  t.equal(shown(alice, alice, elsewhere)?.reactions, undefined)
})

test('what changes nothing is not sent again, and a reaction that is there is not told twice', async (t) => {
  const { alice, bob, network } = await friends(t)
  const message = await alice.write(bob, 'once')
  await bob.catchUp()
  network.submissions.length = 0
  await change(bob, alice, message, react('👍'))
  await change(bob, alice, message, react('👍'))
  await change(alice, bob, message, edit('twice'))
  await change(alice, bob, message, edit('twice'))
  await change(alice, bob, message, DELETE)
  await change(alice, bob, message, DELETE)
  t.equal(network.submissions.length, 3)
})

test('only one emoji is a reaction, and only an author edits or deletes for everyone', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'rules')
  await bob.catchUp()
  for (const emoji of ['ok', '👍👍', ' ', '🏳\u200d🌈\u200d👍'])
    await t.rejects(wish(bob, message, react(emoji)), { code: 'content/invalid', exitCode: 65 })
  for (const wanted of [edit('no'), DELETE])
    await t.rejects(wish(bob, message, wanted), { code: 'content/not-yours', exitCode: 77 })
  await t.rejects(wish(alice, message, edit('')), { code: 'content/invalid' })
  await t.rejects(wish(alice, 'm_000000AAAA', edit('no')), { code: 'message/unknown' })
  await t.rejects(wish(alice, message, { kind: 'edit', text: 'no', to: 'me' }), {
    code: 'content/invalid',
  })
  t.ok(bob.read.outbox.isEmpty())
})

test('of a deleted message there is nothing to edit or to react to', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'gone')
  await bob.catchUp()
  await change(alice, bob, message, DELETE)
  for (const [desk, wanted] of [
    [alice, edit('back')],
    [bob, react('👍')],
  ] as const)
    await t.rejects(wish(desk, message, wanted), { code: 'message/deleted', exitCode: 65 })
  await tell(alice, bob, editOf(message, 'back', 9))
  t.match(shown(bob, alice, message), { text: null, deleted: true })
})

test('a note to oneself changes here and goes nowhere', async (t) => {
  const { alice, bob, network } = await friends(t)
  const { core } = alice.person
  network.submissions.length = 0
  const { compose, draft } = await import('../../src/outbox/compose.js')
  const note = draft(core, {
    recipient: undefined,
    body: 'milk',
    replyTo: undefined,
    silent: false,
  })
  core.store.transact((tx) => compose(tx, core, note))
  await wish(alice, note.message, react('✅'))
  await wish(alice, note.message, edit('oat milk'))
  t.match(shown(alice, alice, note.message), { text: 'oat milk', reactions: [{ emoji: '✅' }] })
  await wish(alice, note.message, DELETE)
  t.match(shown(alice, alice, note.message), { deleted: true })
  await alice.send()
  await bob.catchUp()
  t.equal(network.submissions.length, 0)
})
