import type { EventObject, HistoryObject, ReactionObject } from '@sotto/client-core'
import { errorObject, InputError, TEXT_BYTES_MAX, UnavailableError } from '@sotto/protocol'
import { test } from 'tap'

import type { UiState } from '../../src/model/state.js'
import type { Step } from '../../src/model/step.js'
import {
  answered,
  callsOf,
  chatOf,
  chatScene,
  conversation,
  conversationId,
  draftOf,
  EVENT,
  effectsOf,
  feed,
  line,
  lines,
  messageId,
  NOW_MS,
  opening,
  page,
  paneText,
  paste,
  press,
  scene,
  type,
} from './scene.js'

const THEM = line(1).sender
const ME = line(1, { own: true }).sender

const reference = ({ message, sender }: HistoryObject) => `${message.id}@acct:${sender.id}`
const mine = (number: number, text: string) => line(number, { own: true, text })
const reacted = (number: number, ...reactions: readonly ReactionObject[]) =>
  line(number, { message: { reactions } })
const tombstone = (number: number, own = false) => {
  const { message, ...gone } = line(number, { own })
  return { ...gone, message: { ...message, text: null, deleted: true } }
}

const told = (state: UiState, ...events: readonly EventObject[]): Step =>
  feed(state, { kind: 'events', events, nowMs: NOW_MS })
const deleted = (of: HistoryObject): EventObject => ({
  ...{ ...EVENT, type: 'message.deleted', conversation: of.conversation, sender: of.sender },
  message: { id: of.message.id },
})
const edited = (of: HistoryObject): EventObject => ({ ...EVENT, type: 'message.edited', ...of })
const reaction = (of: HistoryObject, emoji: string): EventObject => ({
  ...{ ...EVENT, type: 'reaction.added', conversation: of.conversation, sender: THEM },
  ...{ message: { id: of.message.id }, emoji },
})

// Reactions

test('r offers emoji for the chosen message, and Enter or a digit takes one', async (t) => {
  const picking = press(chatScene(lines(1, 5)), 'up', 'r')
  t.match(paneText(picking.state, 'overlay'), /React to @friend1\.42: message 5[^]*› 1 👍[^]*2 ❤/)
  const params = { message: reference(line(5)), wait: 'queued' }
  t.match(callsOf(press(picking.state, 'enter')), [
    { method: 'message.react', params: { ...params, emoji: '👍' } },
  ])
  const third = press(picking.state, '3')
  t.match(callsOf(third), [{ method: 'message.react', params: { ...params, emoji: '😂' } }])
  t.same(third.state.overlays, [])
})

test('an emoji is looked for by its name, or typed as it is', async (t) => {
  const picking = press(chatScene(lines(1, 5)), 'up', 'r').state
  const found = type(picking, 'rocket')
  t.match(callsOf(press(found.state, 'enter')), [{ params: { emoji: '🚀' } }])
  t.match(callsOf(press(type(picking, '🦖').state, 'enter')), [{ params: { emoji: '🦖' } }])
  t.match(paneText(type(picking, 'qqqq').state, 'overlay'), /nothing found/)
})

test('what was taken last is offered again, below the quick ones', async (t) => {
  const scene5 = chatScene(lines(1, 5))
  const taken = press(type(press(scene5, 'up', 'r').state, 'rocket').state, 'enter').state
  t.match(paneText(press(taken, 'r').state, 'overlay'), /🙏[^]*Lately\n +🚀 {2}:rocket:\n All/)
})

test('the same once more takes it back', async (t) => {
  const state = chatScene([reacted(1, { emoji: '👍', sender: ME, at: EVENT.ts })])
  const picking = press(state, 'up', 'r')
  t.match(paneText(picking.state, 'overlay'), /Yours\n› +👍 {2}take it back/)
  const back = [{ method: 'message.unreact', params: { message: reference(line(1)) } }]
  t.match(callsOf(press(picking.state, 'enter')), back)
  t.match(callsOf(press(picking.state, '1')), back)
  t.match(callsOf(press(picking.state, '2')), [{ method: 'message.react' }])
})

test('/react is about the newest of somebody else, /unreact about the newest with one’s own', async (t) => {
  const state = chatScene([
    reacted(1, { emoji: '🎉', sender: ME, at: EVENT.ts }),
    line(2),
    mine(3, 'hi'),
  ])
  t.match(callsOf(press(type(state, '/react heart').state, 'enter')), [
    { params: { message: reference(line(2)), emoji: '❤️' } },
  ])
  t.match(callsOf(press(type(state, '/unreact ').state, 'enter')), [
    { method: 'message.unreact', params: { message: reference(line(1)) } },
  ])
})

test('nothing answers a request, a failed message or what was deleted', async (t) => {
  const held = line(1, { message: { held: true } })
  const failed = line(2, { own: true, message: { status: 'failed' } })
  for (const each of [held, failed, tombstone(3)]) {
    const done = press(chatScene([each]), 'up', 'r')
    t.same(done.state.overlays, [])
    t.same(callsOf(done), [])
  }
})

test('a reaction of somebody else is on the screen at once, and asks for nothing but its message', async (t) => {
  const state = chatScene(lines(1, 9))
  const done = told(state, reaction(line(4), '👍'))
  t.strictSame(done.effects, [
    { kind: 'load-lines', conversation: conversationId(1), messages: [messageId(4)] },
  ])
  const stored = [
    ...lines(1, 3),
    reacted(4, { emoji: '👍', sender: THEM, at: EVENT.ts }),
    ...lines(5, 9),
  ]
  const { state: seen } = await answered(done, stored)
  t.match(paneText(seen, 'timeline'), /message 4\n +👍 @friend1\.42\n/)
  t.equal(chatOf(seen).place.kind, 'bottom')
})

test('neither bell nor notification nor an unread mark tells of a reaction', async (t) => {
  const state = scene({ conversations: [conversation(1), conversation(2)] })
  const done = told(state, reaction(line(1), '👍'), reaction(line(2, { conversation: 2 }), '🎉'))
  t.same(effectsOf(done, 'bell'), [])
  t.same(effectsOf(done, 'notify'), [])
  t.same(done.state.conversations, state.conversations)
})

// Edits

test('e puts a message of one’s own into the composer, and Enter sends what it is now', async (t) => {
  const state = type(chatScene([mine(1, 'on Tusday')]), 'half a draft').state
  const begun = press(state, 'alt+k', 'e')
  t.equal(draftOf(begun.state), 'on Tusday')
  t.match(paneText(begun.state, 'composer'), /editing {2}on Tusday +Esc leaves it as it was/)
  const sent = press(type(begun.state, '!').state, 'enter')
  t.match(effectsOf(sent, 'edit'), [
    {
      ...{ conversation: conversationId(1), message: messageId(1), text: 'on Tusday!' },
      reference: reference(mine(1, '')),
    },
  ])
  t.equal(draftOf(sent.state), 'half a draft')
  t.same(effectsOf(sent, 'send'), [])
})

test('what is written in an edit is never saved as the draft', async (t) => {
  const state = type(chatScene([mine(1, 'secret')]), 'draft').state
  const begun = press(state, 'alt+k', 'e')
  const written = type(begun.state, ' more')
  t.same([...effectsOf(begun, 'save-draft'), ...effectsOf(written, 'save-draft')], [])
  const kept = feed(written.state, { kind: 'sent', conversation: conversationId(1) })
  t.match(effectsOf(kept, 'save-draft'), [{ draft: /"text":"draft"/ }])
})

test('nobody is told that one types while a message is edited', async (t) => {
  const begun = press(chatScene([mine(1, 'one')]), 'up', 'e')
  const written = type(begun.state, ' more')
  t.same([...effectsOf(begun, 'typing'), ...effectsOf(written, 'typing')], [])
})

test('Esc and Ctrl+C leave an edit, and the draft and what it answers are back', async (t) => {
  const answering = press(chatScene([mine(1, 'one'), line(2)]), 'up', 'q').state
  const begun = press(type(answering, 'yes').state, 'alt+k', 'up', 'e').state
  t.equal(chatOf(begun).replyTo, undefined)
  for (const key of ['escape', 'ctrl+c']) {
    const left = press(begun, key).state
    t.equal(draftOf(left), 'yes')
    t.equal(chatOf(left).replyTo, messageId(2))
    t.equal(chatOf(left).editing, undefined)
  }
})

test('an edit that changes nothing sends nothing; one without a text is not sent', async (t) => {
  const begun = press(chatScene([mine(1, 'one')]), 'up', 'e').state
  const same = press(begun, 'enter')
  t.same(same.effects, [])
  t.equal(chatOf(same.state).editing, undefined)
  const empty = press(press(begun, 'ctrl+u').state, 'enter')
  t.same(effectsOf(empty, 'edit'), [])
  t.match(paneText(empty.state, 'notice'), /An edit needs a text/)
})

test('what begins with a slash is a message when it is edited, not a command', async (t) => {
  const begun = press(chatScene([mine(1, '/etc is full')]), 'up', 'e').state
  t.match(effectsOf(press(type(begun, ' again').state, 'enter'), 'edit'), [
    { text: '/etc is full again' },
  ])
})

test('an edit as long as a message may be is taken, and nothing beyond', async (t) => {
  const longest = 'x'.repeat(TEXT_BYTES_MAX)
  const begun = press(chatScene([mine(1, 'short')]), 'up', 'e').state
  const written = paste(press(begun, 'ctrl+u').state, longest).state
  const [sent] = effectsOf(press(written, 'enter', 'enter'), 'edit') // A long paste is confirmed first.
  t.ok(sent?.text === longest)
  t.ok(draftOf(type(written, 'y').state) === longest)
})

test('/edit is about the newest message of one’s own, and with a text it is at once', async (t) => {
  const state = chatScene([mine(1, 'one'), mine(2, 'two'), line(3)])
  t.equal(draftOf(press(type(state, '/edit ').state, 'enter').state), 'two')
  const done = press(type(state, '/edit deux').state, 'enter')
  t.match(effectsOf(done, 'edit'), [{ message: messageId(2), text: 'deux' }])
})

test('what others wrote is not edited', async (t) => {
  const done = press(chatScene([line(1)]), 'up', 'e')
  t.equal(chatOf(done.state).editing, undefined)
  t.equal(done.state.focus, 'timeline')
})

test('an edit that was not taken is in the composer again, with why', async (t) => {
  const begun = press(type(chatScene([mine(1, 'one')]), 'draft').state, 'alt+k', 'e').state
  const sent = press(type(begun, '!').state, 'enter').state
  const error = new UnavailableError('temporary/timeout', 'the disk is full')
  const refused = feed(sent, {
    ...{ kind: 'not-edited', conversation: conversationId(1), message: messageId(1) },
    ...{ text: 'one!', error },
  }).state
  t.equal(draftOf(refused), 'one!')
  t.match(paneText(refused, 'notice'), /the disk is full/)
  t.equal(draftOf(press(refused, 'escape').state), 'draft')
})

test('a text that was not sent goes into the draft while another one is edited', async (t) => {
  const begun = press(chatScene([mine(1, 'one')]), 'up', 'e').state
  const error = new UnavailableError('temporary/timeout', 'no')
  const refused = feed(begun, {
    ...{ kind: 'not-sent', conversation: conversationId(1), text: 'lost?', error },
    replyTo: undefined,
  }).state
  t.equal(draftOf(refused), 'one')
  t.equal(draftOf(press(refused, 'escape').state), 'lost?')
})

test('what comes from the editor goes to the message that was being edited, or nowhere', async (t) => {
  const begun = press(chatScene([mine(1, 'one'), line(2)]), 'up', 'up', 'e')
  const opened = press(begun.state, 'ctrl+o')
  t.match(effectsOf(opened, 'edit-draft'), [{ text: 'one', message: messageId(1) }])
  const back = { kind: 'edited', text: 'uno', message: messageId(1) } as const
  t.equal(draftOf(feed(opened.state, back).state), 'uno')
  const gone = told(opened.state, deleted(mine(1, 'one'))).state
  t.equal(draftOf(feed(gone, back).state), '')
})

test('an edit of somebody else changes the message and what quotes it, where one is', async (t) => {
  const quote = { id: messageId(2), author: THEM.id, quote: 'message 2' }
  const answer = line(50, { message: { replyTo: quote } })
  const stored = [...lines(1, 49), answer]
  const open = (await answered(opening(scene(), conversationId(1)), stored)).state
  const scrolled = press(open, 'up', 'up', 'page-up').state
  const anew = line(2, { text: 'second', message: { edited: true } })
  const done = told(scrolled, edited(anew))
  t.match(effectsOf(done, 'load-lines'), [{ messages: [messageId(2), messageId(50)] }])
  const after = await answered(done, [
    ...[line(1), anew, ...lines(3, 49)],
    line(50, { message: { replyTo: { ...quote, quote: 'second' } } }),
  ])
  t.same(chatOf(after.state).place, chatOf(scrolled).place)
  t.equal(chatOf(after.state).selected, chatOf(scrolled).selected)
  t.match(paneText(press(after.state, 'end').state, 'timeline'), /│ @friend1\.42: second/)
})

// Deletes

test('d asks for whom, and only one’s own is deleted for everyone', async (t) => {
  const own = press(chatScene([mine(1, 'oops')]), 'up', 'd')
  const asked = paneText(own.state, 'overlay')
  t.match(asked, /Delete the message of You: oops[^]*› Delete it for everyone\n +Delete it for me/)
  t.match(effectsOf(press(own.state, 'enter'), 'ask'), [
    { call: { method: 'message.delete', params: { everyone: true, wait: 'queued' } } },
  ])
  t.match(effectsOf(press(own.state, 'down', 'enter'), 'ask'), [
    { call: { params: { message: reference(mine(1, '')), everyone: false } } },
  ])
  const theirs = paneText(press(chatScene([line(1)]), 'up', 'd').state, 'overlay')
  t.match(theirs, /› Delete it for me/)
  t.notMatch(theirs, /for everyone/)
})

test('a tombstone can be taken out of view, and nothing else is done with it', async (t) => {
  const state = press(chatScene([tombstone(1, true)]), 'up').state
  t.match(paneText(press(state, 'd').state, 'overlay'), /› Delete it for me/)
  for (const key of ['e', 'r', 'q', '>', 'y', 'f']) {
    const done = press(state, key)
    t.same(done.state.overlays, [], key)
    t.same(done.effects, [], key)
  }
})

test('a deletion that was refused says why where it was asked for', async (t) => {
  const asked = press(chatScene([mine(1, 'oops')]), 'up', 'd', 'enter')
  const [effect] = effectsOf(asked, 'ask')
  const error = new InputError('content/invalid', 'the disk is full')
  const refused = feed(asked.state, { kind: 'refused', refusal: { call: effect!.call, error } })
  t.match(paneText(refused.state, 'overlay'), /the disk is full/)
})

test('what was deleted for everyone leaves a line, and what answers it says so', async (t) => {
  const quote = { id: messageId(1), author: THEM.id, quote: 'message 1' }
  const state = chatScene([line(1), line(2, { message: { replyTo: quote } })])
  const done = told(state, deleted(line(1)))
  t.match(effectsOf(done, 'forget'), [{ kind: 'forget' }])
  const gone = { id: messageId(1), author: THEM.id, deleted: true as const }
  const after = await answered(done, [tombstone(1), line(2, { message: { replyTo: gone } })])
  const text = paneText(after.state, 'timeline')
  t.match(text, /message deleted\n.*│ @friend1\.42: message deleted\n +message 2/)
  t.notMatch(text, /message 1/)
  t.match(effectsOf(after, 'forget'), [{ kind: 'forget' }], 'once more when the text is gone')
})

test('what was deleted for oneself is gone, and what stood behind it is chosen', async (t) => {
  const state = press(chatScene(lines(1, 5)), 'up', 'up', 'up').state
  t.equal(chatOf(state).selected, messageId(3))
  const done = await answered(told(state, deleted(line(3))), [...lines(1, 2), ...lines(4, 5)])
  t.equal(chatOf(done.state).selected, messageId(4))
  t.equal(done.state.focus, 'timeline')
  t.notMatch(paneText(done.state, 'timeline'), /message 3|deleted/)
})

test('the last message that is gone gives the keys back to the composer', async (t) => {
  const state = press(chatScene([line(1)]), 'up').state
  const done = await answered(told(state, deleted(line(1))), [])
  t.equal(done.state.focus, 'composer')
})

test('a deletion while it is edited brings the draft back, and nothing of the text stays', async (t) => {
  const state = type(chatScene([mine(1, 'marimba')]), 'draft').state
  const begun = press(state, 'alt+k', 'e').state
  const done = told(type(begun, ' solo').state, deleted(mine(1, '')))
  t.equal(draftOf(done.state), 'draft')
  t.match(paneText(done.state, 'notice'), /that you were editing was deleted/)
  const after = await answered(done, [tombstone(1, true)])
  t.notMatch(JSON.stringify([...after.state.chats]), /marimba/)
})

test('a deletion of what is answered says so, and the text stays', async (t) => {
  const answering = type(press(chatScene(lines(1, 2)), 'up', 'q').state, 'yes').state
  const done = told(answering, deleted(line(2)))
  t.equal(chatOf(done.state).replyTo, undefined)
  t.equal(draftOf(done.state), 'yes')
  t.match(paneText(done.state, 'notice'), /that you were answering was deleted/)
})

test('a deletion closes whatever was asked about the message', async (t) => {
  const state = press(chatScene([mine(1, 'one')]), 'up').state
  for (const keys of [['enter'], ['r'], ['d'], ['f'], ['i']]) {
    const open = press(state, ...keys).state
    t.equal(open.overlays.length, 1, keys.join())
    t.same(told(open, deleted(mine(1, ''))).state.overlays, [], keys.join())
  }
})

test('what was found is not found any more when it was deleted', async (t) => {
  const searching = press(
    type(press(chatScene(lines(1, 3)), 'ctrl+f').state, 'message').state,
    'enter',
  )
  const [effect] = effectsOf(searching, 'ask')
  const found = feed(searching.state, {
    kind: 'answer',
    answer: {
      ...{
        method: 'message.search',
        params: { query: 'message', in: [`id:${conversationId(1)}`], limit: 200 },
      },
      result: [line(2), line(1)].map((each) => ({ ...each, match: { start: 0, end: 7 } })),
    },
  }).state
  t.ok(effect)
  const done = told(found, deleted(line(2))).state
  t.match(chatOf(done).search?.hits, [{ id: messageId(1) }])
  t.equal(chatOf(done).search?.hits?.length, 1)
})

test('what was sent cannot be recalled once something of it was deleted', async (t) => {
  const sent = press(type(chatScene([]), 'marimba').state, 'enter').state
  t.match(JSON.stringify(chatOf(sent).composer.sent), /marimba/)
  const done = told(sent, deleted(mine(1, 'marimba'))).state
  t.notMatch(JSON.stringify(chatOf(done).composer), /marimba/)
})

test('the list says that the newest message was deleted', async (t) => {
  const newest = { ...tombstone(1).message }
  const state = scene({ conversations: [conversation(1, { lastMessage: newest })] })
  t.match(paneText(state, 'list'), /message deleted/)
})

test('what is let go because more has come is not forgotten as if it had been deleted', async (t) => {
  const open = (await answered(opening(scene(), conversationId(1)), lines(1, 100))).state
  const stored = lines(1, 700)
  let state = open
  for (let at = 101; at <= 700; at += 50) {
    const come = lines(at, Math.min(700, at + 49)).map((of): EventObject => ({
      ...EVENT,
      type: 'message.received',
      ...of,
    }))
    const done = await answered(told(state, ...come), stored.slice(0, at + 49))
    t.same(effectsOf(done, 'forget'), [])
    state = done.state
  }
  t.equal(chatOf(state).entries.length, 600)
})

test('a change of what is not loaded changes nothing that is', async (t) => {
  const state = feed(chatScene(lines(101, 200), { isFull: true })).state
  const done = await answered(told(state, deleted(line(5)), reaction(line(6), '👍')), [
    ...lines(1, 4),
    ...lines(6, 200),
  ])
  t.same(
    chatOf(done.state).entries.map(({ id }) => id),
    chatOf(state).entries.map(({ id }) => id),
  )
})

test('an own change that will never be seen is a line between the messages', async (t) => {
  const state = chatScene(lines(1, 2))
  const error = errorObject(new InputError('content/invalid', 'it waited 14 days'))
  const failed: EventObject = {
    ...{ ...EVENT, type: 'change.failed', conversation: line(1).conversation, change: 'edit' },
    ...{ message: { id: messageId(2) }, error },
  }
  t.equal(effectsOf(told(state, failed), 'refresh').length, 1)
  const between = feed(
    state,
    page('refresh', lines(1, 2), {
      from: messageId(1),
      events: [
        {
          ...{ id: EVENT.id, ts: EVENT.ts, after: messageId(2), type: 'change.failed' as const },
          ...{ conversation: line(1).conversation, message: messageId(2), change: 'edit', error },
        },
      ],
    }),
  ).state
  t.match(paneText(between, 'timeline'), /Your edit of a message did not reach @friend1\.42/)
})

test('details name who reacted, and are read again when that changes', async (t) => {
  const state = press(chatScene([line(1)]), 'up', 'i').state
  const detail = (reactions: readonly ReactionObject[]) => ({
    kind: 'answer' as const,
    answer: {
      method: 'message.show' as const,
      params: { message: reference(line(1)) },
      result: {
        ...line(1),
        message: {
          ...line(1).message,
          edited: true,
          editedAt: EVENT.ts,
          deleted: false,
          reactions,
          receipts: [],
        },
      },
    },
  })
  const none = feed(state, detail([])).state
  t.match(paneText(none, 'overlay'), /Edited +Sat 31 Oct 12:00/)
  const again = told(none, reaction(line(1), '👍'))
  t.match(effectsOf(again, 'ask'), [{ call: { method: 'message.show' } }])
  const shown = feed(again.state, detail([{ emoji: '👍', sender: THEM, at: EVENT.ts }])).state
  t.match(paneText(shown, 'overlay'), /Reaction +👍 {2}@friend1\.42, Sat 31 Oct 12:00/)
})

test('a screen that is made narrow while something is edited or chosen holds it', async (t) => {
  const begun = press(chatScene([mine(1, 'one'), line(2)]), 'up', 'up', 'e').state
  const narrow = feed(begun, { kind: 'resize', size: { columns: 40, rows: 12 } }).state
  t.match(paneText(narrow, 'composer'), /editing[^]*> one/)
  t.equal(draftOf(press(type(narrow, '!').state, 'escape').state), '')
})
