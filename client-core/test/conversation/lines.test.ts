import { makeMessageId, type MessageId } from '@sotto/protocol'
import { test } from 'tap'
import { findMessage } from '../../src/conversation/find-message.js'
import { readHistory, readLines } from '../../src/conversation/reading.js'
import { readTimeline } from '../../src/conversation/timeline.js'
import { befriend, friends, strangers, type Desk } from '../support/desk.js'
import { NOW_MS } from '../support/world.js'

const BOB = '@bob.42'

/** Alice has `count` messages of Bob, who wrote them one after the other. */
async function written(alice: Desk, bob: Desk, count: number) {
  const ids = []
  for (let number = 1; number <= count; number++) ids.push(await bob.write(alice, `text ${number}`))
  await alice.catchUp()
  return ids
}

test('a line that was asked for comes with what stands before and behind it, oldest first', async (t) => {
  const { alice, bob } = await friends(t)
  const [one = '', two = '', three = ''] = await written(alice, bob, 3)
  const { core } = alice.person
  const lines = readLines(core, BOB, { messages: [three, one, three] })
  t.match(lines, [
    { line: { message: { id: one, text: 'text 1' } }, next: two },
    { line: { message: { id: three } }, previous: two, next: null },
  ])
  t.equal(lines.length, 2, 'however often it was asked for')
  t.same(
    lines[0]?.line,
    readHistory(core, BOB, {}).find(({ message }) => message.id === one),
  )
})

test('the oldest line has nothing before it', async (t) => {
  const { alice, bob } = await friends(t)
  await written(alice, bob, 2)
  const { core } = alice.person
  const [oldest] = readHistory(core, BOB, {})
  const messages = [oldest?.message.id ?? '']
  t.match(readLines(core, BOB, { messages }), [{ previous: null }])
})

test('what stands outside of the part that is asked about is left out, its ends are not', async (t) => {
  const { alice, bob } = await friends(t)
  const ids = await written(alice, bob, 5)
  const asked = (from: number | undefined, through: number | undefined) =>
    readLines(alice.person.core, BOB, {
      messages: ids,
      ...(from === undefined ? {} : { from: ids[from] }),
      ...(through === undefined ? {} : { through: ids[through] }),
    }).map(({ line }) => line.message.text)
  t.same(asked(1, 3), ['text 2', 'text 3', 'text 4'])
  t.same(asked(3, undefined), ['text 4', 'text 5'])
  t.same(asked(undefined, 0), ['text 1'])
})

test('a message that waits stands behind all that arrived', async (t) => {
  const { alice, bob } = await friends(t)
  const waiting = alice.compose(bob, 'waits')
  const [came = ''] = await written(alice, bob, 1)
  const { core } = alice.person
  const asked = { messages: [waiting, came] }
  t.match(readLines(core, BOB, asked), [
    { line: { message: { id: came } }, next: waiting },
    { line: { message: { id: waiting, status: 'queued' } }, previous: came, next: null },
  ])
  t.match(readLines(core, BOB, { ...asked, through: came }), [{ line: { message: { id: came } } }])
  t.equal(readLines(core, BOB, { ...asked, through: came }).length, 1)
})

test('what is not there, is in another conversation or is held is no line of it', async (t) => {
  const { alice, bob, hire } = await friends(t)
  const [one = ''] = await written(alice, bob, 1)
  const { core } = alice.person
  t.same(readLines(core, 'me', { messages: [one] }), [])
  t.same(readLines(core, BOB, { messages: ['m_NOTHING'] }), [])
  const carol = hire('carol')
  await carol.person.meet(alice.person)
  const held = makeMessageId({ nowMs: NOW_MS, random: new Uint8Array(10) })
  const text = { message: held, body: 'let me in', replyTo: undefined, silent: false }
  const sealed = await carol.person.seal(alice.person, { kind: 'text', text })
  alice.network.put(alice.person.id, sealed.body)
  await alice.catchUp()
  t.ok(alice.read.messages.get(carol.person.id, held)?.held)
  t.same(readLines(core, `acct:${carol.person.id}`, { messages: [held] }), [])
})

test('a part that begins with what is gone is told, and not taken for an empty one', (t) => {
  const { alice } = strangers(t)
  const asked = { messages: [], from: 'm_0123456789' }
  t.throws(() => readLines(alice.person.core, 'me', asked), { code: 'message/unknown' })
  t.end()
})

test('a message whose id somebody else has used, too, is found in its own conversation', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const [one = '', two = '', three = ''] = await written(alice, bob, 3)
  const carol = office.hire('carol')
  await befriend(office, alice, carol)
  const theirs = alice.read.contacts.conversationWith(carol.person.id)?.id
  const stored = alice.read.messages.get(bob.person.id, two as MessageId)
  if (stored === undefined || theirs === undefined) throw new Error('they have written')
  alice.person.core.store.transact((tx) =>
    tx.messages.add({ ...stored, author: carol.person.id, conversation: theirs, body: 'the same' }),
  )
  const { core } = alice.person
  const texts = (lines: ReturnType<typeof readHistory>) => lines.map(({ message }) => message.id)
  t.throws(() => findMessage(core, two), { code: 'recipient/ambiguous' })
  t.ok(texts(readHistory(core, BOB, { before: two })).includes(one as MessageId))
  t.same(texts(readHistory(core, BOB, { after: two })), [three])
  t.same(readTimeline(core, BOB, { from: two, through: two }), [])
  t.match(readLines(core, BOB, { messages: [two], from: two, through: two }), [
    { line: { message: { text: 'text 2' } }, previous: one, next: three },
  ])
  t.match(readLines(core, 'acct:' + carol.person.id, { messages: [two], from: two }), [
    { line: { message: { text: 'the same' } } },
  ])
})
