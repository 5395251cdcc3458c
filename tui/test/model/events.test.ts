import type { TimelineEventObject } from '@sotto/client-core'
import { eventId } from '@sotto/protocol'
import { test } from 'tap'

import type { Happening } from '../../src/demo/script.js'
import {
  GAP,
  gapEvent,
  timelineEvent,
  UNDECRYPTABLE,
  undecryptableEvent,
} from '../support/objects.js'
import {
  answered,
  chatOf,
  chatScene,
  conversation,
  conversationId,
  draftOf,
  effectsOf,
  feed,
  lines,
  messageId,
  NOW_MS,
  opening,
  page,
  paneText,
  press,
  scene,
} from './scene.js'

/** What stands behind a message of the scene; `after` null: before all of them. */
function event(number: number, after: number | null, what: Happening): TimelineEventObject {
  const { id, kind, name } = conversation(1)
  return timelineEvent(what, {
    id: eventId(new Uint8Array(8), number),
    after: after === null ? null : messageId(after),
    conversation: { id, kind, name },
  })
}

/** What the timeline says, however it is broken into rows. */
const said = (state: ReturnType<typeof scene>): string =>
  paneText(state, 'timeline').replaceAll(/\s+/g, ' ')

/** Ids of what is loaded, messages by their text. */
function loaded(state: ReturnType<typeof scene>): readonly string[] {
  return chatOf(state).entries.map((entry) =>
    entry.kind === 'message' ? (entry.object.message.text ?? '') : entry.object.type,
  )
}

const VERIFIED: Happening = { type: 'identity', change: 'verified', other: null }

test('what happened stands behind the message after which it happened', async (t) => {
  const events = [event(1, null, VERIFIED), event(2, 1, GAP), event(3, 2, UNDECRYPTABLE)]
  const { state } = feed(chatScene([]), page('newest', lines(1, 2), { events }))
  t.same(loaded(state), [...['identity', 'message 1', 'gap', 'message 2', 'message.undecryptable']])
  const shown = said(state)
  t.match(
    shown,
    /You compared the safety number of @friend1\.42: verified\.[^]*message 1[^]*3 messages did not arrive[^]*message 2[^]*could not be opened/,
  )
})

test('what happened comes with the pages, older and newer, each thing once', async (t) => {
  const stored = lines(1, 1_000)
  const events = [
    event(1, null, VERIFIED),
    ...stored.map((_, at) => event(at + 2, at + 1, at % 2 === 0 ? GAP : UNDECRYPTABLE)),
  ]
  let done = await answered(opening(scene(), conversationId(1)), stored, events)
  const seen = new Set<string>()
  const look = () => {
    const { entries } = chatOf(done.state)
    for (const { id } of entries) seen.add(id)
    const astray = entries.filter(
      (entry, at) => entry.kind === 'event' && entry.object.after !== (entries[at - 1]?.id ?? null),
    )
    t.same(astray, [], 'each stands behind its message')
    t.equal(new Set(entries.map(({ id }) => id)).size, entries.length, 'nothing is there twice')
  }
  look()
  for (let pages = 0; pages < 200 && !chatOf(done.state).atStart; pages++) {
    done = await answered(press(done.state, 'page-up', 'page-up', 'page-up'), stored, events)
    look()
  }
  t.ok(chatOf(done.state).atStart)
  t.equal(seen.size, 2_001, 'all of it was seen')
  for (let pages = 0; pages < 200 && !chatOf(done.state).atEnd; pages++) {
    done = await answered(press(done.state, 'page-down', 'page-down', 'page-down'), stored, events)
    look()
  }
  t.ok(chatOf(done.state).atEnd)
})

test('what could not be opened says so, until it has come again', async (t) => {
  const stored = lines(1, 2)
  const lost = feed(chatScene([]), page('newest', stored, { events: [event(1, 1, UNDECRYPTABLE)] }))
  t.match(said(lost.state), /they were asked to send it again/)
  const come = event(1, 1, { ...UNDECRYPTABLE, resent: 1 })
  const again = feed(
    lost.state,
    page('refresh', [...stored, ...lines(3, 3)], { from: messageId(1), events: [come] }),
  )
  t.match(said(again.state), /and came when sent again/)
  t.notMatch(said(again.state), /they were asked/)
})

test('a line is chosen like a message; Enter tells what it means and what to do, Esc closes that', async (t) => {
  const events = [event(1, 2, GAP)]
  const { state } = feed(chatScene([]), page('newest', lines(1, 3), { events }))
  const chosen = press(state, 'up', 'up').state
  t.equal(chatOf(chosen).selected, events[0]?.id)
  const told = press(chosen, 'enter').state
  t.match(paneText(told, 'overlay'), /What this line means/)
  t.match(paneText(told, 'overlay'), /Who wrote them cannot be told/)
  t.equal(press(told, 'escape').state.overlays.length, 0)
  t.equal(chatOf(press(chosen, 'up').state).selected, messageId(2), 'the message above it')
})

test('what is done with messages does nothing with a line of ours', async (t) => {
  const events = [event(1, 3, UNDECRYPTABLE)]
  const { state } = feed(chatScene([]), page('newest', lines(1, 3), { events }))
  const chosen = press(state, 'up').state
  for (const key of ['y', '>', 'f', 'x', 'R', 'c', 'r', 'e', 'd']) {
    const done = press(chosen, key)
    t.same(done.effects, [], key)
    t.equal(draftOf(done.state), '', key)
  }
  t.equal(chatOf(press(chosen, 'q').state).replyTo, undefined)
})

test('a name that would write to the terminal is shown and not obeyed', async (t) => {
  const hostile = '\u001b[2J\u202eevil'
  const events = [
    event(1, 1, { type: 'name', what: 'name', from: hostile, to: `${hostile}2` }),
    event(2, 1, { type: 'identity', change: 'trusted', other: { id: ID, name: hostile } }),
  ]
  const { state } = feed(chatScene([]), page('newest', lines(1, 1), { events }))
  const shown = said(state)
  t.match(shown, /\\x1b\[2J/)
  t.notMatch(shown, /[\u001b\u202e]/)
  const told = press(state, 'up', 'enter').state
  t.notMatch(paneText(told, 'overlay'), /[\u001b\u202e]/)
})

const ID = lines(1, 1)[0]!.sender.id

test('a loss is told at once wherever one is, and what is loaded is asked for again', async (t) => {
  const state = chatScene(lines(1, 3))
  const told = feed(state, {
    ...{ kind: 'events', nowMs: NOW_MS },
    events: [gapEvent(3, 'quota'), gapEvent(4, 'quota'), undecryptableEvent()],
  })
  t.equal(effectsOf(told, 'refresh').length, 1)
  t.same(
    told.state.toasts.map(({ text }) => text),
    ['4 messages are missing: the mailbox at the relay was full', 'a message could not be opened'],
  )
})

test('the unread divider stands before a message, whatever else happened there', async (t) => {
  const unread = scene({ conversations: [conversation(1, { unread: 2 })] })
  const opened = opening(unread, conversationId(1))
  const events = [event(1, 1, GAP), event(2, 3, UNDECRYPTABLE)]
  const { state } = feed(opened.state, page('newest', lines(1, 3), { events }))
  t.match(paneText(state, 'timeline'), /did not arrive[^]*2 new messages[^]*message 2[^]*message 3/)
})
