import { test } from 'tap'

import {
  callsOf,
  chatOf,
  chatScene,
  conversation,
  conversationId,
  draftOf,
  effectsOf,
  feed,
  line,
  lines,
  messageId,
  paneText,
  press,
  type,
} from './scene.js'

const own = (number: number, status: 'failed' | 'read' = 'read') =>
  line(number, { own: true, text: 'one\ntwo', message: { status } })

test('Enter on a message offers what can be done with it, and nothing that cannot', (t) => {
  const { state } = press(chatScene(lines(1, 5)), 'up', 'enter')
  const menu = paneText(state, 'overlay')
  t.match(menu, /This message[^]*Reply to the chosen message +q/)
  t.notMatch(menu, /Send a failed message again|what the message answers/)
  t.end()
})

test('F2 in the composer is about the newest message', (t) => {
  const { state } = press(chatScene(lines(1, 5)), 'f2')
  t.match(state.overlays, [{ kind: 'message-menu', message: messageId(5) }])
  t.end()
})

test('a key of the menu does what it does without the menu', (t) => {
  const { state } = press(chatScene(lines(1, 5)), 'f2', 'q')
  t.strictSame(state.overlays, [])
  t.equal(chatOf(state).replyTo, messageId(5))
  t.end()
})

test('Enter sends a failed message again', (t) => {
  const done = press(chatScene([own(1, 'failed')]), 'up', 'enter')
  t.match(callsOf(done), [{ method: 'outbox.retry', params: { messages: [messageId(1)] } }])
  t.end()
})

test('a message is quoted line by line below what is written', (t) => {
  const written = type(chatScene([own(1)]), 'look:').state
  const { state } = press(written, 'alt+k', '>')
  t.equal(draftOf(state), 'look:\n> one\n> two\n')
  t.match(state, { focus: 'composer' })
  t.end()
})

test('a message is copied whole', (t) => {
  t.match(effectsOf(press(chatScene([own(1)]), 'up', 'y'), 'copy'), [{ text: 'one\ntwo' }])
  t.end()
})

test('a message that is forwarded stands in the draft there, and is not sent before Enter', (t) => {
  const conversations = [conversation(1), conversation(2, { name: '@carol.42' })]
  const choosing = press(chatScene([own(1)], { conversations }), 'up', 'f').state
  const chosen = press(type(choosing, 'carol').state, 'enter')
  t.strictSame(effectsOf(chosen, 'send'), [])
  t.equal(chosen.state.open, conversationId(2))
  t.equal(draftOf(chosen.state), 'one\ntwo')
  t.match(effectsOf(press(chosen.state, 'enter'), 'send'), [
    { conversation: conversationId(2), text: 'one\ntwo' },
  ])
  t.end()
})

test('the details of a message say when it was sent and who has read it', (t) => {
  const asked = press(chatScene([own(1)]), 'up', 'i')
  const { message, ...rest } = own(1)
  const params = { message: `${message.id}@acct:${rest.sender.id}` }
  t.match(effectsOf(asked, 'ask'), [{ call: { method: 'message.show', params } }])
  const { id } = line(1).sender
  const at = '2026-10-31T10:05:00Z'
  const receipts = [{ recipient: '@bob.42', account: id, status: 'read' as const, at }]
  const shown = { edited: false, deleted: false, reactions: [] as const, receipts }
  const result = { ...rest, message: { ...message, ...shown } }
  const { state } = feed(asked.state, {
    kind: 'answer',
    answer: { method: 'message.show', params, result },
  })
  t.match(
    paneText(state, 'overlay'),
    /Written +Sat,? 31 Oct 10:01[^]*read by @bob\.42, Sat,? 31 Oct 10:05/,
  )
  t.end()
})
