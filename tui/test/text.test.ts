import fc from 'fast-check'
import { test } from 'tap'

import {
  COLOR,
  PLAIN,
  renderEvent,
  renderMessage,
  renderStatus,
  safeJson,
  safeLine,
  safeLines,
  safePrint,
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

/** What a terminal would obey, or show otherwise than it is. */
const OBEYED =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/

/** Texts that are mostly what must not be printed. */
const HOSTILE = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code)),
    fc.integer({ min: 0x2000, max: 0x206f }).map((code) => String.fromCharCode(code)),
    fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
    fc.constantFrom('a', ' ', '\u001b[31m', '\u001b]0;x\u0007', '👍🏽', '👩‍👧', 'ü'),
  ),
})

test('no text at all comes out of safeLine, safeLines or safePrint raw', async (t) => {
  fc.assert(
    fc.property(HOSTILE, (text) => {
      const lines = [safeLine(text), ...safeLines(text).map((line) => line.replaceAll('\t', ''))]
      const printed = safePrint(text, { painted: false }).replaceAll(/[\t\n]/g, '')
      return [...lines, printed].every((each) => !OBEYED.test(each) && each.isWellFormed())
    }),
  )
  t.pass('for every text that was tried')
})

test('JSON that is safe to look at is the same text to a program', async (t) => {
  fc.assert(
    fc.property(HOSTILE, (text) => {
      const json = safeJson({ text })
      return !OBEYED.test(json) && (JSON.parse(json) as { text: string }).text === text
    }),
  )
  t.pass('for every text that was tried')
})

test('what is painted keeps its colours and loses everything else', async (t) => {
  t.equal(
    safePrint('\u001b[31mred\u001b[39m \u001b[2J\n\tin', { painted: true }),
    '\u001b[31mred\u001b[39m \\x1b[2J\n\tin',
  )
  t.equal(safePrint('\u001b[31mred', { painted: false }), '\\x1b[31mred')
})

test('an escape that begins a line is no colour because it is painted', async (t) => {
  t.equal(safePrint('\u001b[2Jgone', { painted: true }), '\\x1b[2Jgone')
  t.equal(safePrint('a\n\u001b[', { painted: true }), 'a\n\\x1b[')
  t.equal(
    safePrint('\u001b[1m\u001b[6nb\u001b[22m', { painted: true }),
    '\u001b[1m\\x1b[6nb\u001b[22m',
  )
})
