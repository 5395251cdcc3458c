import type { EventObject, HistoryObject, MessageStatus } from '@sotto/client-core'
import { test } from 'tap'

import {
  answered,
  callsOf,
  chatOf as openOf,
  conversation,
  conversationId,
  EVENT,
  effectsOf,
  feed,
  line,
  lines,
  messageId,
  NOW_MS,
  opening,
  press,
  scene,
} from './scene.js'
import type { UiState } from '../../src/model/state.js'
import { friend } from './people.js'

const received = (of: HistoryObject): EventObject => ({
  ...{ ...EVENT, type: 'message.received', ...of },
})
const sent = (of: HistoryObject): EventObject => ({ ...EVENT, type: 'message.sent', ...of })
const advanced = (number: number, status: MessageStatus): EventObject => ({
  ...{ ...EVENT, type: 'message.status', conversation: line(number).conversation },
  message: { id: messageId(number), status },
})

/** What the core told, in a moment in which the list is not old. */
const told = (state: UiState, ...events: readonly EventObject[]) =>
  feed(state, { kind: 'events', events, nowMs: NOW_MS })

const open = async (stored: readonly HistoryObject[], state = scene()) =>
  (await answered(opening(state, conversationId(1)), stored)).state

const shown = (state: UiState) => openOf(state).entries.map(({ id }) => id)
const ids = (...numbers: readonly number[]) => numbers.map(messageId)

test('of a message that came, it and its conversation are asked for, and nothing else', async (t) => {
  const state = await open(lines(1, 300))
  const done = told(state, received(line(301)))
  t.strictSame(done.effects, [
    { kind: 'load-lines', conversation: conversationId(1), messages: [messageId(301)] },
    { kind: 'load-conversations', conversations: [conversationId(1)], outbox: false },
  ])
})

test('of what came into another conversation nothing is asked of the open one', async (t) => {
  const state = await open(lines(1, 9))
  const done = told(state, received(line(10, { conversation: 2 })))
  t.strictSame(effectsOf(done, 'load-lines'), [])
  t.strictSame(effectsOf(done, 'refresh'), [])
  t.match(effectsOf(done, 'load-conversations'), [{ conversations: [conversationId(2)] }])
})

test('what is sent, and how far it has come, may change what waits', async (t) => {
  const state = await open(lines(1, 9))
  const own = line(10, { own: true })
  t.match(effectsOf(told(state, sent(own)), 'load-conversations'), [{ outbox: true }])
  const done = told(state, advanced(9, 'read'), advanced(8, 'read'), advanced(9, 'read'))
  t.match(effectsOf(done, 'load-conversations'), [{ outbox: true }])
  t.match(effectsOf(done, 'load-lines'), [{ messages: ids(9, 8) }])
})

test('what comes stands behind what was there, and older ones go only where too many are loaded', async (t) => {
  let stored = lines(1, 100)
  let state = await open(stored)
  for (let number = 101; number <= 700; number += 3) {
    const came = lines(number, number + 2)
    stored = [...stored, ...came]
    ;({ state } = await answered(told(state, ...came.map(received)), stored))
  }
  t.strictSame(shown(state), ids(...lines(101, 700).map((_, at) => at + 101)))
  t.match(openOf(state), { atStart: false, atEnd: true, loading: undefined })
})

test('a status changes its message alone, where it stands', async (t) => {
  const own = (number: number, status: MessageStatus) =>
    line(number, { own: true, message: { status } })
  const stored = [...lines(1, 4), own(5, 'accepted'), line(6)]
  const state = await open(stored)
  const now = stored.with(4, own(5, 'read'))
  const { state: after } = await answered(told(state, advanced(5, 'read')), now)
  t.strictSame(shown(after), ids(1, 2, 3, 4, 5, 6))
  t.match(openOf(after).entries[4], { revision: 1, object: { message: { status: 'read' } } })
  const others = (of: UiState) => openOf(of).entries.toSpliced(4, 1)
  t.ok(others(after).every((entry, at) => entry === others(state)[at]))
})

test('a message that was accepted takes its place before those that wait', async (t) => {
  const own = (number: number) => line(number, { own: true })
  const state = await open([...lines(1, 2), own(3), own(4)])
  const now = [line(1), own(4), line(2), own(3)]
  const { state: after } = await answered(told(state, advanced(4, 'accepted')), now)
  t.strictSame(shown(after), ids(1, 4, 2, 3))
})

test('a message that came late stands where it belongs', async (t) => {
  const state = await open([line(1), line(3), line(4)])
  const { state: after } = await answered(told(state, received(line(2))), lines(1, 4))
  t.strictSame(shown(after), ids(1, 2, 3, 4))
})

test('the very first message of a conversation is shown', async (t) => {
  const state = await open([])
  const { state: after } = await answered(told(state, received(line(1))), [line(1)])
  t.strictSame(shown(after), ids(1))
})

test('what quotes a message that was not there yet is asked for with it', async (t) => {
  const replyTo = { id: messageId(2), author: line(2).sender.id }
  const state = await open([line(1), line(3, { message: { replyTo } })])
  const done = told(state, received(line(2)))
  t.match(effectsOf(done, 'load-lines'), [{ messages: ids(2, 3) }])
  const quoting = line(3, { message: { replyTo: { ...replyTo, quote: 'message 2' } } })
  const { state: after } = await answered(done, [line(1), line(2), quoting])
  t.match(openOf(after).entries[2], { object: { message: { replyTo: { quote: 'message 2' } } } })
})

test('what stands next to something that is not known here is asked for with all the rest', async (t) => {
  const state = await open(lines(1, 3))
  const done = told(state, received(line(5)))
  t.strictSame(effectsOf(done, 'refresh'), [])
  const { state: after } = await answered(done, lines(1, 6))
  t.strictSame(shown(after), ids(1, 2, 3, 4, 5, 6), 'message 4 and 6 are told of later')
})

test('lines that were asked for when something else was loaded lead to all the rest', async (t) => {
  const stored = lines(1, 300)
  const state = await open(stored)
  const done = told(state, received(line(301)))
  const asked = { messages: ids(301), from: messageId(1), through: undefined }
  const after = feed(done.state, {
    ...{ kind: 'lines', conversation: conversationId(1), asked, lines: [] },
  })
  t.match(effectsOf(after, 'refresh'), [{ conversation: conversationId(1) }])
})

test('what comes while the end is not loaded is not loaded either, and moves nothing', async (t) => {
  const stored = lines(1, 1_000)
  let state = await open(stored)
  for (let pages = 0; pages < 80; pages++)
    ({ state } = await answered(press(state, 'page-up'), stored))
  t.equal(openOf(state).atEnd, false)
  const before = shown(state)
  const done = told(state, received(line(1_001)))
  ;({ state } = await answered(done, [...stored, line(1_001)]))
  t.strictSame(shown(state), before)
  ;({ state } = await answered(press(state, 'ctrl+end'), [...stored, line(1_001)]))
  t.equal(shown(state).at(-1), messageId(1_001))
})

test('what was taken back is not there any more', async (t) => {
  const state = await open([...lines(1, 2), line(3, { own: true })])
  const { state: after } = await answered(told(state, advanced(3, 'failed')), lines(1, 2))
  t.strictSame(shown(after), ids(1, 2))
})

test('all is asked for where an event names no message: a gap, a name, a connection that is back', async (t) => {
  const state = await open(lines(1, 9))
  const name = friend(1).conversation
  const events: readonly EventObject[] = [
    { ...EVENT, type: 'gap', count: 3, reason: 'quota' },
    { ...EVENT, type: 'contact.changed', contact: friend(1) },
    { ...EVENT, type: 'contact.request', ...line(10) },
    { ...EVENT, type: 'connection.state', state: 'online' },
    {
      ...{ ...EVENT, type: 'message.undecryptable', conversation: name, sender: null },
      reason: 'could not be opened',
    },
  ]
  for (const event of events) {
    const done = told(state, event, received(line(10)))
    t.match(effectsOf(done, 'refresh'), [{ conversation: conversationId(1) }], event.type)
    t.match(effectsOf(done, 'load-list'), [{}], event.type)
    t.strictSame(effectsOf(done, 'load-lines'), [], event.type)
  }
})

test('a conversation that was changed elsewhere is asked for alone, and nothing of what it holds', async (t) => {
  const state = await open(lines(1, 9))
  const done = told(state, {
    ...{ ...EVENT, type: 'conversation.changed', conversation: line(1).conversation },
  })
  t.strictSame(done.effects, [
    { kind: 'load-conversations', conversations: [conversationId(1)], outbox: false },
  ])
})

test('a connection that is lost, and a backlog that has ended, change nothing that is stored', async (t) => {
  const state = await open(lines(1, 9))
  const done = told(
    state,
    { ...EVENT, type: 'connection.state', state: 'offline' },
    { ...EVENT, type: 'backlog.done' },
  )
  t.strictSame(done.effects, [])
})

test('of what a request writes all is asked for: it stands behind the rest until it is accepted', async (t) => {
  const contacts = [friend(1, { trust: 'request' })]
  const state = await open(lines(1, 3), scene({ contacts }))
  const done = told(state, received(line(4)))
  t.match(effectsOf(done, 'refresh'), [{ conversation: conversationId(1) }])
})

test('more than a page of news is read as a page', async (t) => {
  const state = await open(lines(1, 9))
  const done = told(state, ...lines(10, 200).map(received))
  t.strictSame(effectsOf(done, 'load-lines'), [])
  t.match(effectsOf(done, 'refresh'), [{ conversation: conversationId(1) }])
})

test('a conversation that is new, or a list that is old, has the list asked for', async (t) => {
  const state = await open(lines(1, 9))
  const unknown = told(state, received(line(1, { conversation: 3 })))
  t.match(effectsOf(unknown, 'load-list'), [{}])
  const late = feed(state, {
    ...{ kind: 'events', events: [received(line(10))], nowMs: NOW_MS + 10_000 },
  })
  t.match(effectsOf(late, 'load-list'), [{}], 'for what another process has changed')
})

test('some of the list take their places in it: pinned ones first, then the latest', (t) => {
  const at = (second: number) => `2026-10-31T10:00:0${String(second)}.000Z`
  const conversations = [
    conversation(1, { pinned: true, lastActivityAt: at(1) }),
    conversation(2, { lastActivityAt: at(5) }),
    conversation(3, { lastActivityAt: at(4) }),
    conversation(4, { lastActivityAt: at(3) }),
  ]
  const came = conversation(4, { lastActivityAt: at(6), unread: 1 })
  const action = { kind: 'conversations', conversations: [came], queued: 2 } as const
  const { state } = feed(scene({ conversations }), action)
  t.strictSame(
    state.conversations.map(({ id }) => id),
    [1, 4, 2, 3].map(conversationId),
  )
  t.match(state, { conversations: { 1: { unread: 1 } }, link: { queued: 2 } })
  const again = feed(state, { ...action, queued: undefined })
  t.equal(again.state.link.queued, 2, 'it was not asked for')
  t.end()
})

test('what the list knows of is read only when it is shown', async (t) => {
  const state = await open(lines(1, 9))
  const newest = line(10)
  const news = {
    kind: 'conversations',
    conversations: [conversation(1, { unread: 1, lastMessage: newest.message })],
    queued: undefined,
  } as const
  const early = feed(told(state, received(newest)).state, news)
  t.strictSame(callsOf(early), [])
  const done = await answered(
    { state: early.state, effects: effectsOf(told(state, received(newest)), 'load-lines') },
    [...lines(1, 9), newest],
  )
  t.match(callsOf(done), [{ method: 'conversation.markRead' }])
})

test('a mute that is over is over without anybody saying so', (t) => {
  const mutedUntil = new Date(NOW_MS + 1_000).toISOString()
  const conversations = [conversation(1, { muted: true, mutedUntil })]
  const { state } = feed(scene({ conversations }), { kind: 'tick', nowMs: NOW_MS + 999 })
  t.match(state.conversations, [{ muted: true }])
  const later = feed(state, { kind: 'tick', nowMs: NOW_MS + 1_000 }).state
  t.match(later.conversations, [{ muted: false, mutedUntil: null }])
  t.end()
})

test('of what was set for the account, only that is asked for, and then holds', async (t) => {
  const changed = (part: 'profile' | 'settings'): EventObject => ({
    ...{ ...EVENT, type: 'account.changed', changed: part },
  })
  const done = told(scene(), changed('settings'), changed('profile'), changed('settings'))
  t.strictSame(
    done.effects.map((effect) => (effect.kind === 'ask' ? effect.call.method : effect.kind)),
    ['account.current', 'setting.list'],
  )
  const result = [{ name: 'screen.bell', value: 'on' }]
  const set = feed(done.state, {
    kind: 'answer',
    answer: { method: 'setting.list', params: {}, result },
  })
  t.equal(set.state.settings.bell, true)
})
