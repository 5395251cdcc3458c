import { StorageError } from '@sotto/protocol'
import { test } from 'tap'

import { DEFAULT_SETTINGS } from '../../src/model/settings.js'
import type { UiState } from '../../src/model/state.js'
import {
  chatScene,
  conversation,
  conversationId,
  effectsOf,
  feed,
  lines,
  NOW_MS,
  paneText,
  paste,
  press,
  type,
} from './scene.js'

const MINUTE_MS = 60_000
const WRONG = new StorageError('store/passphrase-wrong', 'wrong passphrase')

const open = (): UiState => type(chatScene(lines(1, 3)), 'half a thought').state
const locked = (): UiState => press(open(), 'ctrl+l').state
const closed = (under: 'passphrase' | 'key'): UiState =>
  feed(locked(), { kind: 'locked', under }).state

test('locking drops all that was decrypted, and asks for the account to be closed', (t) => {
  const done = press(open(), 'ctrl+l')
  t.same(
    done.effects.map(({ kind }) => kind),
    ['typing', 'lock'],
  )
  const { state } = done
  t.same(
    [state.conversations, state.contacts, state.chats.size, state.open],
    [[], [], 0, undefined],
  )
  t.same(Object.keys(state.panes), ['lock'])
  t.notMatch(paneText(state, 'lock'), /friend|message|thought/)
  t.end()
})

test('what is answered to the screen as it was before does not show on a locked one', (t) => {
  const late = feed(locked(), {
    ...{ kind: 'list', conversations: [conversation(1)], contacts: [], queued: 0 },
  })
  t.same(late.state.conversations, [])
  t.end()
})

test('a passphrase is typed blindly: it is in no state, and nothing shows how long it is', (t) => {
  const before = closed('passphrase')
  const typed = type(before, 'sesame')
  t.same(effectsOf(typed, 'secret'), [{ kind: 'secret', change: 'type', text: 'sesame' }])
  t.equal(typed.state, before)
  t.match(effectsOf(paste(before, 'pasted'), 'secret'), [{ text: 'pasted' }])
  t.match(effectsOf(press(before, 'backspace', 'ctrl+u'), 'secret'), [
    { change: 'erase' },
    { change: 'wipe' },
  ])
  t.end()
})

test('a wrong passphrase is told, and can be typed again', (t) => {
  const opening = press(closed('passphrase'), 'enter')
  t.same(opening.effects, [{ kind: 'unlock' }])
  t.same(press(opening.state, 'enter').effects, [], 'it is being opened already')
  const refused = feed(opening.state, { kind: 'not-unlocked', error: WRONG }).state
  t.match(paneText(refused, 'lock'), /wrong passphrase\.[^]*Type the passphrase/)
  t.same(press(refused, 'enter').effects, [{ kind: 'unlock' }])
  t.end()
})

test('a locked screen says what that protects: less where no passphrase is needed', (t) => {
  t.match(paneText(closed('passphrase'), 'lock'), /encrypted under your passphrase/)
  t.match(paneText(closed('key'), 'lock'), /opens without a passphrase[^]*Enter opens it/)
  t.end()
})

test('what comes while it is locked is counted, and told without a name or a word of it', (t) => {
  const came = feed(closed('key'), {
    kind: 'came',
    conversation: conversationId(1),
    isNamed: false,
  })
  t.same(effectsOf(came, 'notify'), [
    { kind: 'notify', title: 'sotto', text: 'Something has come.' },
  ])
  t.match(paneText(came.state, 'lock'), /Something has come/)
  t.end()
})

test('a muted conversation rings on a locked screen no more than on an open one', (t) => {
  const state = chatScene(lines(1, 3), { conversations: [conversation(1, { muted: true })] })
  const shut = feed(press(state, 'ctrl+l').state, { kind: 'locked', under: 'key' }).state
  t.same(feed(shut, { kind: 'came', conversation: conversationId(1), isNamed: false }).effects, [])
  t.end()
})

test('what is muted until a time rings on a locked screen from then on', (t) => {
  const mutedUntil = new Date(NOW_MS + 60_000).toISOString()
  const muted = conversation(1, { muted: true, mutedUntil })
  const state = chatScene(lines(1, 3), { conversations: [muted] })
  const shut = feed(press(state, 'ctrl+l').state, { kind: 'locked', under: 'key' }).state
  const came = { kind: 'came', conversation: conversationId(1), isNamed: false } as const
  t.same(feed(shut, came).effects, [])
  t.not(feed(shut, { kind: 'tick', nowMs: NOW_MS + 60_001 }, came).effects.length, 0)
  t.end()
})

test('a locked screen tells what names the person, where only that is wanted', (t) => {
  const state = chatScene(lines(1, 3), { conversations: [conversation(1, { notify: 'mentions' })] })
  const shut = feed(press(state, 'ctrl+l').state, { kind: 'locked', under: 'key' }).state
  const came = (isNamed: boolean) => {
    return effectsOf(
      feed(shut, { kind: 'came', conversation: conversationId(1), isNamed }),
      'notify',
    ).length
  }
  t.same([came(false), came(true)], [0, 1])
  t.end()
})

test('unlocked, the conversation that was open is asked for again', (t) => {
  const { state, effects } = feed(closed('key'), { kind: 'unlocked' })
  t.equal(state.lock, undefined)
  t.match(effects, [
    { kind: 'redraw' },
    { kind: 'load-page', conversation: conversationId(1), which: 'newest' },
  ])
  t.end()
})

test('a screen that nobody touches locks after as long as was set, and not before', (t) => {
  const settings = { ...DEFAULT_SETTINGS, lockAfterMinutes: 5 }
  const state = { ...open(), settings }
  const later = feed(state, { kind: 'tick', nowMs: NOW_MS + 4 * MINUTE_MS })
  t.equal(later.state.lock, undefined)
  const touched = press(later.state, 'left').state
  t.equal(feed(touched, { kind: 'tick', nowMs: NOW_MS + 8 * MINUTE_MS }).state.lock, undefined)
  const idle = feed(touched, { kind: 'tick', nowMs: NOW_MS + 9 * MINUTE_MS })
  t.match(idle.state.lock, { state: 'closing' })
  t.same(effectsOf(idle, 'lock'), [{ kind: 'lock' }])
  t.end()
})

test('a locked screen can be left', (t) => {
  t.same(press(closed('passphrase'), 'ctrl+c').effects, [{ kind: 'quit' }])
  t.end()
})
