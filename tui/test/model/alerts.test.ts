import type { EventObject } from '@sotto/client-core'
import { test } from 'tap'

import type { UiState } from '../../src/model/state.js'
import { receivedEvent } from '../support/objects.js'
import { chatScene, conversation, feed, line, NOW_MS, scene } from './scene.js'

function received(
  number: number,
  text: string,
  message: { readonly silent?: true } = {},
): EventObject {
  const event = receivedEvent(text)
  const written = line(number, { conversation: number, text, message })
  return { ...pickCommon(event), type: 'message.received', ...written }
}

function pickCommon({ id, ts, account }: EventObject) {
  return { id, ts, account, seq: 1 }
}

function alertsOf(state: UiState, ...events: readonly EventObject[]) {
  const { effects } = feed(state, { kind: 'events', events, nowMs: NOW_MS })
  return effects.filter(({ kind }) => kind === 'bell' || kind === 'notify')
}

function notifying(state: UiState, notify: 'full' | 'name' | 'none'): UiState {
  return { ...state, settings: { ...state.settings, notify } }
}

const BELL = { kind: 'bell' }

test('a notification has a text in it only where that is wanted', async (t) => {
  const said = received(1, 'between us')
  const title = '@friend1.42'
  t.same(alertsOf(scene(), said), [BELL, { kind: 'notify', title, text: '1 new message' }])
  t.same(alertsOf(notifying(scene(), 'full'), said), [
    ...[BELL, { kind: 'notify', title, text: 'between us' }],
  ])
  t.same(alertsOf(notifying(scene(), 'none'), said), [BELL])
})

test('many messages at once ring once, and are one notification for each conversation', async (t) => {
  const events = [received(1, 'one'), received(2, 'two'), received(1, 'three')]
  t.same(alertsOf(notifying(scene(), 'full'), ...events), [
    BELL,
    { kind: 'notify', title: '@friend1.42', text: '2 new messages' },
    { kind: 'notify', title: '@friend2.42', text: 'two' },
  ])
})

test('what is looked at, muted or silent is told to nobody', async (t) => {
  const said = received(1, 'hello')
  t.same(alertsOf(chatScene([]), said), [])
  const away = { ...chatScene([]), isWatched: false }
  t.same(alertsOf(away, said).at(0), BELL, 'an open conversation that nobody looks at')
  const muted = scene({ conversations: [conversation(1, { muted: true })] })
  t.same(alertsOf(muted, said), [])
  t.same(alertsOf(scene(), received(1, 'psst', { silent: true })), [])
})

test('of a conversation only what is wanted is told', async (t) => {
  const set = (notify: 'mentions' | 'none') =>
    scene({ conversations: [conversation(1, { notify })] })
  const hello = received(1, 'hello')
  const named = received(1, 'hello @alice')
  t.same(alertsOf(set('none'), named), [])
  t.same(alertsOf(set('mentions'), hello), [])
  t.match(alertsOf(set('mentions'), hello, named), [BELL, { text: '1 new message' }])
  const muted = scene({ conversations: [conversation(1, { notify: 'mentions', muted: true })] })
  t.same(alertsOf(muted, named), [], 'muted is muted')
})

test('a conversation is heard again when its time is over, though nothing else has happened', async (t) => {
  const until = (ms: number) => {
    const mutedUntil = new Date(NOW_MS + ms).toISOString()
    return scene({ conversations: [conversation(1, { muted: true, mutedUntil })] })
  }
  t.same(alertsOf(until(1_000), received(1, 'hello')), [])
  t.same(alertsOf(until(-1_000), received(1, 'hello')).at(0), BELL)
})

test('a reaction is notified only where that is wanted, and never rings', async (t) => {
  const { sender, conversation: where, message } = line(1)
  const reacted: EventObject = {
    ...{ ...pickCommon(receivedEvent('')), type: 'reaction.added', conversation: where, sender },
    ...{ message: { id: message.id }, emoji: '👍' },
  }
  const wanted = (state: UiState): UiState => ({
    ...state,
    settings: { ...state.settings, reactions: true },
  })
  t.same(alertsOf(scene(), reacted), [])
  const title = '@friend1.42'
  t.same(alertsOf(wanted(scene()), reacted, reacted), [
    { kind: 'notify', title, text: 'a reaction' },
  ])
  t.match(alertsOf(notifying(wanted(scene()), 'full'), reacted), [{ text: 'reacted with 👍' }])
  t.same(alertsOf(wanted(chatScene([])), reacted), [], 'in a conversation that is looked at')
  const mentions = scene({ conversations: [conversation(1, { notify: 'mentions' })] })
  t.same(alertsOf(wanted(mentions), reacted), [])
  t.same(alertsOf(wanted(scene()), { ...reacted, sender: { ...sender, self: true } }), [])
})
