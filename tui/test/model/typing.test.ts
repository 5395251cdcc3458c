import { UnavailableError } from '@sotto/protocol'
import { test } from 'tap'

import type { EventObject } from '@sotto/client-core'

import type { UiState } from '../../src/model/state.js'
import type { Step } from '../../src/model/step.js'
import {
  chatScene,
  conversation,
  conversationId,
  effectsOf,
  EVENT,
  feed,
  line,
  lines,
  NOW_MS,
  opening,
  paneText,
  press,
  scene,
  type,
} from './scene.js'

const { seq: _seq, ...PASSING } = EVENT

function typing(what: 'started' | 'stopped', number = 1): EventObject {
  const { conversation: where, sender } = line(1, { conversation: number })
  return { ...PASSING, type: `typing.${what}`, conversation: where, sender }
}

function told(state: UiState, ...events: EventObject[]): Step {
  return feed(state, { kind: 'events', events, nowMs: state.nowMs })
}

const tick = (state: UiState, laterMs: number): Step =>
  feed(state, { kind: 'tick', nowMs: state.nowMs + laterMs })

/** What the others are told, in order. */
const toldOthers = (done: Step) =>
  effectsOf(done, 'typing').map(({ conversation: where, started }) => [where, started])

const HERE = conversationId(1)

test('who writes is a word in the header and in the list, until they write no more', (t) => {
  const { state, effects } = told(chatScene(lines(1, 3)), typing('started'))
  t.match(paneText(state, 'header'), /@friend1\.42 .* typing\.\.\. *$/)
  t.match(paneText(state, 'list'), /@friend1\.42 [^\n]*\n +typing\.\.\./)
  t.same(effects, [], 'nothing is asked for')
  const after = told(state, typing('stopped')).state
  t.notMatch(paneText(after, 'header') + paneText(after, 'list'), /typing/)
  t.end()
})

for (const columns of [40, 60, 120]) {
  test(`at ${columns} columns it stands beside who it is`, (t) => {
    const { state } = told(chatScene(lines(1, 3), { columns }), typing('started'))
    t.match(paneText(state, 'header'), /^ @friend1\.42.*typing\.\.\. *$/)
    t.end()
  })
}

test('who writes in another conversation is seen in the list', (t) => {
  const { state } = told(chatScene(lines(1, 3)), typing('started', 2))
  t.match(paneText(state, 'list'), /@friend2\.42 [^\n]*\n +typing\.\.\./)
  t.notMatch(paneText(state, 'header'), /typing/)
  t.end()
})

test('a core that goes away without a word is not believed for long', (t) => {
  const { state } = told(chatScene(lines(1, 3)), typing('started'))
  t.match(paneText(tick(state, 15_000).state, 'header'), /typing/)
  t.notMatch(paneText(tick(state, 20_000).state, 'header'), /typing/)
  t.end()
})

test('a text that is begun is told, again while keys come, and not with every key', (t) => {
  const begun = type(chatScene(lines(1, 3)), 'h')
  t.same(toldOthers(begun), [[HERE, true]])
  const next = type(begun.state, 'ello')
  t.same(toldOthers(next), [])
  const later = tick(next.state, 10_000)
  t.same(toldOthers(later), [], 'time alone tells nothing')
  t.same(toldOthers(type(later.state, '!')), [[HERE, true]])
  t.end()
})

test('what is sent says it by itself; what is emptied or left is told', (t) => {
  const begun = type(chatScene(lines(1, 3)), 'h').state
  t.same(toldOthers(press(begun, 'enter')), [])
  t.same(toldOthers(press(begun, 'backspace')), [[HERE, false]])
  t.same(toldOthers(press(begun, 'alt+down')), [[HERE, false]])
  t.end()
})

test('who locks the screen writes no more, told before the account is closed', (t) => {
  const begun = type(chatScene(lines(1, 3)), 'h').state
  const locked = press(begun, 'ctrl+l')
  t.match(locked.effects, [{ kind: 'typing', started: false }, { kind: 'lock' }])
  t.equal(locked.state.telling, undefined)
  t.end()
})

test('a command is no text, a text that begins with a slash is', (t) => {
  const command = type(chatScene(lines(1, 3)), '/mute')
  t.same(toldOthers(command), [])
  t.same(toldOthers(type(chatScene(lines(1, 3)), '//etc')), [[HERE, true]])
  t.same(toldOthers(type(chatScene(lines(1, 3)), '  ')), [])
  t.end()
})

test('a draft that was there before, or came back, tells nothing until it is changed', (t) => {
  const draft = JSON.stringify({ text: 'from yesterday' })
  const kept = feed(chatScene(lines(1, 3)), { kind: 'draft', conversation: HERE, draft })
  t.same(toldOthers(kept), [])
  t.same(toldOthers(press(kept.state, 'left')), [])
  const sent = press(type(chatScene(lines(1, 3)), 'one').state, 'enter').state
  const error = new UnavailableError('relay/unreachable', 'the disk is full')
  const back = feed(sent, {
    ...{ kind: 'not-sent', conversation: HERE, text: 'one', replyTo: undefined, error },
  })
  t.same(toldOthers(back), [])
  t.end()
})

test('nobody is told of notes to oneself, of an answer to a request, or with the switch off', (t) => {
  const self = scene({ conversations: [conversation(1, { kind: 'self', name: 'me' })] })
  t.same(toldOthers(type(opening(self, HERE).state, 'h')), [])
  const request = scene({ conversations: [conversation(1, { trust: 'request' })] })
  t.same(toldOthers(type(opening(request, HERE).state, 'h')), [])
  const open = chatScene(lines(1, 3))
  const off = { ...open, account: { ...open.account, typing: false } }
  t.same(toldOthers(type(off, 'h')), [])
  t.end()
})

test('the switch is the account’s, by /typing and in the settings, and told when it is so', (t) => {
  const asked = press(type(chatScene(lines(1, 2)), '/typing off').state, 'enter')
  t.match(effectsOf(asked, 'ask'), [
    { call: { method: 'account.edit', params: { typing: false } } },
  ])
  const result = { ...asked.state.account, typing: false }
  const answer = { method: 'account.edit', params: { typing: false }, result } as const
  const done = feed(asked.state, { kind: 'answer', answer })
  t.match(done.state.toasts, [{ text: 'Who is typing: off', tone: 'good' }])
  t.same(done.effects, [], 'no message has come further by it')
  t.match(paneText(press(done.state, 'f3').state, 'overlay'), /Who is typing +off/)
  t.equal(done.state.nowMs, NOW_MS)
  t.end()
})
