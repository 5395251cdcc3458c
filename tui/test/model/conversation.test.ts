import { eventId, NotFoundError } from '@sotto/protocol'
import { test } from 'tap'

import { PAGE_MESSAGES } from '../../src/model/chat.js'
import type { UiState } from '../../src/model/state.js'
import {
  answered,
  callsOf,
  chatOf,
  conversation,
  conversationId,
  effectsOf,
  feed,
  line,
  lines,
  messageId,
  opening,
  page,
  paneLines,
  paneText,
  press,
  scene,
} from './scene.js'

const READ = [{ method: 'conversation.markRead' }]

/** Conversation 1, so many of its messages unread. */
const withUnread = (unread: number, size = {}): UiState =>
  scene({ ...size, conversations: [conversation(1, { unread }), conversation(2)] })

const newestShown = (state: UiState) => paneLines(state, 'timeline').at(-1)

test('a conversation that is opened asks for its newest page, and shows it at its end', async (t) => {
  const opened = opening(scene(), conversationId(1))
  t.match(effectsOf(opened, 'load-page'), [{ which: 'newest', limit: PAGE_MESSAGES }])
  const { state } = await answered(opened, lines(1, 300))
  t.match(newestShown(state), /message 300/)
  t.equal(chatOf(state).atStart, false)
})

test('pages up lead to the first message without a jump or a hole, and pages down to the last', async (t) => {
  const stored = lines(1, 1_000)
  let { state } = await answered(opening(scene(), conversationId(1)), stored)
  const seen = new Set(paneLines(state, 'timeline'))
  for (let pages = 0; pages < 200 && !seen.has('  message 1'); pages++) {
    const before = paneLines(state, 'timeline')
    ;({ state } = await answered(press(state, 'page-up'), stored))
    const after = paneLines(state, 'timeline')
    t.ok(
      after.some((row) => row.includes('message') && before.includes(row)),
      'two rows stay',
    )
    for (const row of after) seen.add(row)
  }
  t.equal([...seen].filter((row) => /^ {2}message \d+$/.test(row)).length, 1_000)
  t.equal(chatOf(state).atEnd, false, 'what is far below was let go')
  for (let pages = 0; pages < 200 && newestShown(state) !== '  message 1000'; pages++)
    ({ state } = await answered(press(state, 'page-down'), stored))
  t.equal(newestShown(state), '  message 1000')
  t.match(chatOf(state).place, { kind: 'bottom' })
})

test('End leads to the newest message where it is not loaded any more', async (t) => {
  const stored = lines(1, 1_000)
  let { state } = await answered(opening(scene(), conversationId(1)), stored)
  for (let pages = 0; pages < 80; pages++)
    ({ state } = await answered(press(state, 'page-up'), stored))
  t.equal(chatOf(state).atEnd, false)
  ;({ state } = await answered(press(state, 'ctrl+end'), stored))
  t.equal(newestShown(state), '  message 1000')
})

test('a page that comes late, when other messages are loaded, is passed over', async (t) => {
  const stored = lines(1, 300)
  const { state } = await answered(opening(scene(), conversationId(1)), stored)
  const older = page('older', lines(1, 100), { from: messageId(101) })
  const after = feed(state, older).state
  t.equal(chatOf(after).entries.length, chatOf(state).entries.length)
})

test('the selection goes on to messages that have to be loaded', async (t) => {
  const stored = lines(1, 300)
  let { state } = await answered(opening(scene(), conversationId(1)), stored)
  for (let times = 0; times < 150; times++) ({ state } = await answered(press(state, 'up'), stored))
  t.equal(chatOf(state).selected, messageId(151))
  t.match(paneText(state, 'timeline'), /message 151\b/)
})

test('a message that is chosen moves the window only where it is not seen', async (t) => {
  const { state } = await answered(opening(scene(), conversationId(1)), lines(1, 60))
  const chosen = press(state, 'up', 'up', 'up').state
  t.strictSame(paneLines(chosen, 'timeline'), paneLines(state, 'timeline'))
})

test('behind the last message is the composer again', async (t) => {
  const { state } = await answered(opening(scene(), conversationId(1)), lines(1, 5))
  const { state: after } = press(state, 'up', 'down')
  t.match(after, { focus: 'composer' })
  t.equal(chatOf(after).selected, undefined)
})

test('it opens at the first unread message, which stays unread until the end is seen', async (t) => {
  const done = await answered(opening(withUnread(60), conversationId(1)), lines(1, 300))
  t.match(paneText(done.state, 'timeline'), /60 new messages[^]*message 241\b/)
  t.strictSame(callsOf(done), [])
  const end = press(done.state, 'ctrl+end')
  t.match(callsOf(end), READ)
})

test('more unread ones than a page are all loaded, with what was before them', async (t) => {
  const opened = opening(withUnread(250), conversationId(1))
  const { state } = await answered(opened, lines(1, 400))
  t.match(paneText(state, 'timeline'), /message 150\b[^]*250 new messages[^]*message 151\b/)
})

test('what is unread and seen at the end is read at once', async (t) => {
  const done = await answered(opening(withUnread(2), conversationId(1)), lines(1, 300))
  t.match(paneText(done.state, 'timeline'), /2 new messages[^]*message 299\b/)
  t.match(callsOf(done), READ)
})

test('nothing is read in a terminal that is not looked at', async (t) => {
  const unwatched = feed(withUnread(2), {
    ...{ kind: 'input', event: { kind: 'focus', focused: false } },
  }).state
  const done = await answered(opening(unwatched, conversationId(1)), lines(1, 300))
  t.strictSame(callsOf(done), [])
  const back = feed(done.state, { kind: 'input', event: { kind: 'focus', focused: true } })
  t.match(callsOf(back), READ)
})

test('nothing is read while the list is the screen, or an overlay covers it', async (t) => {
  const narrow = { columns: 60 }
  const { state } = await answered(opening(withUnread(0, narrow), conversationId(1)), lines(1, 9))
  const come = (state: UiState) =>
    feed(state, {
      ...{ kind: 'list', contacts: [], queued: 0 },
      conversations: [conversation(1, { unread: 1 })],
    })
  t.strictSame(callsOf(come(press(state, 'escape').state)), [], 'the list')
  const palette = come(press(state, 'ctrl+k').state)
  t.strictSame(callsOf(palette), [], 'an overlay')
  t.match(callsOf(press(palette.state, 'escape')), READ)
})

test('new below are messages of others that were not read, and none of what was', async (t) => {
  const stored = lines(1, 300)
  let { state } = await answered(opening(scene(), conversationId(1)), stored)
  ;({ state } = await answered(press(state, 'page-up', 'page-up'), stored))
  t.notMatch(paneText(state, 'notice'), /new below/)
  const conversations = [conversation(1, { unread: 1 })]
  const list = { kind: 'list', conversations, contacts: [], queued: 0 } as const
  const come = [...stored, line(301), line(302, { own: true })]
  ;({ state } = await answered(feed(state, list), come))
  ;({ state } = await answered({ state, effects: [REFRESH] }, come))
  t.match(paneText(state, 'notice'), /1 new below \(End\)/)
})

const REFRESH = { kind: 'refresh', conversation: conversationId(1) } as const

test('what comes in while one reads above moves nothing', async (t) => {
  const stored = lines(1, 300)
  let { state } = await answered(opening(scene(), conversationId(1)), stored)
  ;({ state } = await answered(press(state, 'page-up', 'page-up'), stored))
  const before = paneLines(state, 'timeline')
  ;({ state } = await answered({ state, effects: [REFRESH] }, lines(1, 400)))
  t.strictSame(paneLines(state, 'timeline'), before)
})

test('a refresh lets older ones go where the end is seen, and keeps what is seen where it is not', async (t) => {
  let { state } = await answered(opening(scene(), conversationId(1)), lines(1, 100))
  for (let count = 200; count <= 1_500; count += 100)
    ({ state } = await answered({ state, effects: [REFRESH] }, lines(1, count)))
  t.ok(chatOf(state).entries.length <= 600)
  t.equal(newestShown(state), '  message 1500')
  ;({ state } = await answered(press(state, 'page-up'), lines(1, 1_500)))
  const before = paneLines(state, 'timeline')
  for (let count = 1_600; count <= 3_000; count += 100)
    ({ state } = await answered({ state, effects: [REFRESH] }, lines(1, count)))
  t.strictSame(paneLines(state, 'timeline'), before)
  t.ok(chatOf(state).entries.length <= 600)
})

test('what happens while a page is on its way is asked for when it is there', async (t) => {
  const stored = lines(1, 300)
  const { state } = await answered(opening(scene(), conversationId(1)), stored)
  const loading = press(state, 'ctrl+home')
  t.equal(chatOf(loading.state).loading, 'older')
  const sent = { type: 'message.sent', ...line(301, { own: true }), ...EVENT } as const
  const told = feed(loading.state, { kind: 'events', events: [sent], nowMs: 0 })
  t.strictSame(effectsOf(told, 'refresh'), [])
  const effects = [...loading.effects, ...told.effects]
  const after = await answered({ state: told.state, effects }, [
    ...stored,
    line(301, { own: true }),
  ])
  t.equal(chatOf(after.state).entries.at(-1)?.id, messageId(301))
})

const EVENT = {
  ...{
    id: eventId(new Uint8Array(16), 1),
    seq: 1,
    ts: '2026-10-31T12:00:00Z',
    account: 'alice.42',
  },
}

test('an accepted message takes its place before what waits, once', async (t) => {
  const waiting = [line(3, { own: true }), line(4, { own: true })]
  const { state } = await answered(opening(scene(), conversationId(1)), [
    ...lines(1, 2),
    ...waiting,
  ])
  const moved = [line(1), line(4, { own: true }), line(2), line(3, { own: true })]
  const { state: after } = await answered({ state, effects: [REFRESH] }, moved)
  const ids = chatOf(after).entries.map(({ id }) => id)
  t.strictSame(ids, [1, 4, 2, 3].map(messageId))
})

const quoting = (number: number, quoted: number) =>
  line(number, {
    message: {
      replyTo: { id: messageId(quoted), author: line(quoted).sender.id, quote: 'earlier' },
    },
  })

test('Q leads to what a message answers, near or far, and Ctrl+O back to where one was', async (t) => {
  const stored = [...lines(1, 998), quoting(999, 5), quoting(1_000, 990)]
  let { state } = await answered(opening(scene(), conversationId(1)), stored)
  const before = paneLines(state, 'timeline')
  ;({ state } = await answered(press(state, 'up', 'Q'), stored))
  t.equal(chatOf(state).selected, messageId(990))
  ;({ state } = await answered(press(state, 'ctrl+o', 'escape', 'up', 'up', 'Q'), stored))
  t.equal(chatOf(state).selected, messageId(5))
  t.match(paneText(state, 'timeline'), /message 5\b/)
  ;({ state } = await answered(press(state, 'ctrl+o'), stored))
  t.strictSame(paneLines(state, 'timeline'), before)
})

test('a jump to the very first message shows what is behind it', async (t) => {
  const stored = [...lines(1, 599), quoting(600, 1)]
  let { state } = await answered(opening(scene(), conversationId(1)), stored)
  ;({ state } = await answered(press(state, 'up', 'Q'), stored))
  t.match(paneText(state, 'timeline'), /message 1\n[^]*message 2\b/)
  t.equal(chatOf(state).atStart, true)
})

test('a quoted message that is not here is told, and everything goes on', async (t) => {
  const { state } = await answered(opening(scene(), conversationId(1)), [
    ...lines(1, 9),
    quoting(10, 99),
  ])
  const { state: asking } = press(state, 'up', 'Q')
  const error = new NotFoundError('message/unknown', 'there is no such message')
  const { state: after } = feed(asking, {
    ...{ kind: 'no-page', conversation: conversationId(1), which: 'around', error },
  })
  t.match(paneText(after, 'notice'), /there is no such message/)
  t.equal(chatOf(after).loading, undefined)
})

test('nothing is said of an empty list before it is there', (t) => {
  const unlisted = { ...scene(), conversations: [], isListed: false }
  t.notMatch(paneText(unlisted, 'list'), /No conversations/)
  t.match(paneText({ ...unlisted, isListed: true }, 'list'), /No conversations yet/)
  t.end()
})
