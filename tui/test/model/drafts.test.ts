import { UnavailableError } from '@sotto/protocol'
import { test } from 'tap'

import {
  chatOf,
  chatScene,
  conversationId,
  draftOf,
  effectsOf,
  feed,
  lines,
  messageId,
  paneText,
  paste,
  press,
  type,
} from './scene.js'

const sent = { kind: 'sent', conversation: conversationId(1) } as const

test('a draft stays kept until its message is on the disk', (t) => {
  const sending = press(type(chatScene(lines(1, 3)), 'hello').state, 'enter')
  t.match(effectsOf(sending, 'send'), [{ text: 'hello' }])
  t.strictSame(effectsOf(sending, 'save-draft'), [])
  t.match(effectsOf(feed(sending.state, sent), 'save-draft'), [{ draft: '' }])
  t.end()
})

test('a text that was not taken stands before what was written meanwhile, an answer still', (t) => {
  const sending = press(type(press(chatScene(lines(1, 3)), 'up', 'q').state, 'one').state, 'enter')
  const meanwhile = type(sending.state, 'two').state
  const error = new UnavailableError('relay/unreachable', 'the disk is full')
  const restored = feed(meanwhile, {
    ...{ kind: 'not-sent', conversation: conversationId(1), text: 'one', error },
    replyTo: messageId(3),
  })
  t.equal(draftOf(restored.state), 'one\ntwo')
  t.equal(chatOf(restored.state).replyTo, messageId(3))
  t.equal(effectsOf(restored, 'save-draft').length, 1)
  t.end()
})

test('a paste that is too long is refused whole, and so is one that came in part', (t) => {
  const written = type(chatScene(lines(1, 3)), 'kept').state
  for (const isPart of [false, true]) {
    const { state } = paste(written, 'x'.repeat(70_000), isPart)
    t.equal(draftOf(state), 'kept')
    t.match(paneText(state, 'notice'), /Too long by \d+ bytes: not added/)
  }
  t.end()
})
