import type { ContactDetailObject } from '@sotto/client-core'
import { test } from 'tap'

import { answer, asksOf, friend } from './people.js'
import {
  callsOf,
  chatScene,
  conversation,
  effectsOf,
  feed,
  lines,
  NOW_MS,
  paneText,
  press,
  type,
} from './scene.js'

const BOB = friend(1, { status: 'on a boat', alias: '@bobby' })
const DETAIL: ContactDetailObject = {
  ...{ ...BOB, since: '2026-10-01T09:00:00.000Z' },
  messages: { sent: 12, received: 30, unread: 0, held: 0, dropped: 0 },
}
const to = `acct:${BOB.id}`

const open = (contact = BOB) =>
  chatScene(lines(1, 2), { contacts: [contact], conversations: [conversation(1)], rows: 40 })

function shown(contact = BOB) {
  const asked = press(open(contact), 'alt+i')
  return feed(asked.state, answer('contact.show', { to }, { ...DETAIL, ...contact })).state
}

test('Alt+I says who they are and what can be done', (t) => {
  const text = paneText(shown(), 'overlay')
  t.match(text, /username +@friend1\.42[^]*called here +@bobby[^]*says +on a boat/)
  t.match(text, /known since +Thu,? 1 Oct[^]*12 sent, 30 received/)
  t.match(text, /Compare safety numbers +v[^]*Block/)
  t.notMatch(text, /Accept the request|Take back that they are blocked/)
  t.end()
})

test('each thing that can be done has its letter, and the list its own way', (t) => {
  t.match(press(shown(), 'b').state.overlays.at(-1), { kind: 'confirm' })
  t.match(press(shown(), 'v').state.overlays.at(-1), { kind: 'verify' })
  t.match(press(shown(), 'x').state.overlays.at(-1), { kind: 'confirm' })
  t.match(press(shown(), 'down', 'enter').state.overlays.at(-1), { kind: 'rename' })
  t.end()
})

test('a new local name is asked for with the one there is, and told to the core', (t) => {
  const asked = press(shown(), 'n')
  t.match(paneText(asked.state, 'overlay'), /What is @friend1\.42 called here[^]*> @bobby/)
  const done = press(type(press(asked.state, 'ctrl+u').state, 'robert').state, 'enter')
  t.match(asksOf(done), [{ method: 'contact.rename', params: { to, alias: 'robert' } }])
  const renamed = { ...BOB, alias: '@robert' }
  const after = feed(done.state, answer('contact.rename', { to, alias: 'robert' }, renamed))
  t.match(after.state.overlays, [{ kind: 'info' }])
  t.match(asksOf(after), [{ method: 'contact.show' }])
  t.end()
})

test('an empty line takes the local name away', (t) => {
  const done = press(press(shown(), 'n').state, 'ctrl+u', 'enter')
  t.strictSame(asksOf(done), [{ method: 'contact.rename', params: { to } }])
  t.end()
})

test('somebody is muted for as long as is chosen', (t) => {
  const done = press(shown(), 'm', 'down', 'down', 'down', 'down', 'enter')
  const until = new Date(NOW_MS + 8 * 60 * 60_000).toISOString()
  t.match(callsOf(done), [{ method: 'conversation.mute', params: { until } }])
  t.end()
})

test('what of a conversation is told is chosen beside how long it is muted, or written', (t) => {
  const menu = press(shown(), 'm')
  t.match(paneText(menu.state, 'overlay'), /› every message +now/)
  t.match(callsOf(press(menu.state, 'down', 'enter')), [
    { method: 'conversation.notify', params: { rule: 'mentions' } },
  ])
  t.match(callsOf(press(type(open(), '/alerts none').state, 'enter')), [
    { method: 'conversation.notify', params: { rule: 'none' } },
  ])
  t.same(callsOf(press(type(open(), '/alerts loud').state, 'enter')), [])
  t.end()
})

test('/mute takes a duration, a week too', (t) => {
  const until = new Date(NOW_MS + 7 * 24 * 60 * 60_000).toISOString()
  const done = press(type(open(), '/mute 1w').state, 'enter')
  t.match(callsOf(done), [{ method: 'conversation.mute', params: { until } }])
  const wrong = press(type(open(), '/mute soon').state, 'enter')
  t.same(callsOf(wrong), [])
  t.match(paneText(wrong.state, 'notice'), /not a duration: soon/)
  t.end()
})

test('/rename with a name asks nothing', (t) => {
  const done = press(type(open(), '/rename robert').state, 'enter')
  t.match(callsOf(done), [{ method: 'contact.rename', params: { to, alias: 'robert' } }])
  t.end()
})

test('who was removed is shown no longer', (t) => {
  const asked = press(press(shown(), 'x').state, 'y')
  const { state } = feed(asked.state, answer('contact.remove', { to }, {}))
  t.same(state.overlays, [])
  t.end()
})

test('of a conversation that is gone from the list nothing stays on the screen', (t) => {
  const open = chatScene(lines(1, 2, { text: 'said once' }))
  t.match(paneText(open, 'timeline'), /said once/)
  const gone = feed(open, { kind: 'list', conversations: [], contacts: [], queued: 0 })
  const { state } = gone
  t.same(effectsOf(gone, 'forget'), [{ kind: 'forget' }])
  t.equal(state.open, undefined)
  t.equal(state.focus, 'list')
  t.notMatch(JSON.stringify([...state.chats]), /said once/)
  t.end()
})
