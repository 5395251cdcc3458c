import { test } from 'tap'

import {
  COLOR,
  PLAIN,
  renderEvent,
  renderMessage,
  renderStatus,
  safeLine,
  safeLines,
} from '../src/index.js'
import { CONVERSATION, gapEvent, line, LOOK, undecryptableEvent } from './support/objects.js'

test('controls are shown, not obeyed', async (t) => {
  t.equal(safeLine('\u001b[31mred\u0007\u009b2J\u007f'), '\\x1b[31mred\\x07\\x9b2J\\x7f')
})

test('a line end in a name cannot begin a line of its own', async (t) => {
  t.equal(safeLine('a\nb\r\tc'), 'a\\x0ab\\x0d\\x09c')
})

test('bidirectional marks cannot turn a text around', async (t) => {
  t.equal(safeLine('a\u202eb\u2066c\u200fd\u061c'), 'a\\u202eb\\u2066c\\u200fd\\u061c')
})

test('letters of every script and joined emoji stay as they are', async (t) => {
  const text = 'héllo wörld שלום مرحبا 你好 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿'
  t.equal(safeLine(text), text)
})

test('a text keeps its lines and tabs, and nothing else that moves a cursor', async (t) => {
  t.same(safeLines('a\tb\r\nc\rd\ne'), ['a\tb', 'c\\x0dd', 'e'])
})

test('the lines of a message after the first are indented', async (t) => {
  const text = 'first\n14:02 @alice.42: not from alice'
  const rendered = renderMessage(line({ text }), LOOK)
  t.match(rendered, /: first\n {2}14:02 @alice\.42: not from alice$/)
})

test('a direct message is signed with the conversation’s name, never the claimed one', async (t) => {
  const rendered = renderMessage(line({ name: '@alice.42' }), LOOK)
  t.match(rendered, new RegExp(` ${CONVERSATION.name}: `))
})

test('a status is a word too, since not everybody sees the mark', async (t) => {
  t.equal(renderStatus('delivered', PLAIN), '✓✓ delivered')
  t.equal(renderStatus('failed', COLOR), '\u001b[31m✗ failed\u001b[39m')
})

test('a loss says how many, where that can be known, and why', async (t) => {
  t.match(
    renderEvent(gapEvent(3, 'quota'), LOOK),
    /3 messages are missing: the mailbox .* was full/,
  )
  t.match(renderEvent(gapEvent(1, 'quota'), LOOK), /1 message is missing/)
  t.match(renderEvent(gapEvent(0, 'relay-restored'), LOOK), /messages may be missing: .* restored/)
})

test('what could not be opened and was asked for again says so', async (t) => {
  const event = { ...undecryptableEvent(), resendAsked: true as const }
  t.match(renderEvent(event, LOOK), /a message could not be opened; asked to send it again$/)
})

test('what could not be opened is said once', async (t) => {
  t.match(renderEvent(undecryptableEvent(), LOOK), /a message could not be opened$/)
})
