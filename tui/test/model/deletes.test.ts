import type { EventObject } from '@sotto/client-core'
import { InputError } from '@sotto/protocol'
import { test } from 'tap'

import { THEM, reference, mine, tombstone, told, deleted } from './changing.js'
import {
  answered,
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
  opening,
  paneText,
  press,
  scene,
  type,
} from './scene.js'

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
