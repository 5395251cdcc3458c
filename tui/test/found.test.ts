import type { SearchObject } from '@sotto/client-core'
import fc from 'fast-check'
import { test } from 'tap'

import { renderFound } from '../src/text/found.js'
import { COLOR, PLAIN } from '../src/text/paint.js'
import { displayWidth, keepEnd, keepStart } from '../src/text/width.js'

const NOW_MS = Date.UTC(2026, 9, 31, 12)

function found(text: string, match: SearchObject['match'], self = false): SearchObject {
  const sender = { id: 'a', handle: '@bob.42', name: null, device: 1, trust: 'known', self }
  const message = { id: 'm_1', sentAt: new Date(NOW_MS).toISOString(), text, replyTo: null }
  return {
    message: { ...message, attachments: [], expiresAt: null },
    sender,
    conversation: { id: 'c_1', kind: 'direct', name: '@bob.42' },
    match,
  } as unknown as SearchObject
}

function plain(line: SearchObject, columns = 80): string {
  return renderFound(line, { paint: PLAIN, nowMs: NOW_MS }, columns)
}

test('a hit is a line: time, conversation where the author is another, author, text', async (t) => {
  t.match(plain(found('the deploy', { start: 4, end: 10 })), /^\d\d:\d\d @bob\.42: the deploy$/)
  t.match(plain(found('the deploy', null, true)), /^\d\d:\d\d @bob\.42 you: the deploy$/)
})

test('the match is marked, and is in the line however long the text is', async (t) => {
  const text = `${'before '.repeat(100)}needle${' after'.repeat(100)}`
  const start = text.indexOf('needle')
  const line = found(text, { start, end: start + 6 })
  t.match(plain(line), /^\d\d:\d\d @bob\.42: ….*before needle after.*…$/)
  t.match(renderFound(line, { paint: COLOR, nowMs: NOW_MS }, 80), '\u001b[7mneedle\u001b[27m')
})

test('others’ control and bidirectional characters are escaped, line ends are spaces', async (t) => {
  t.match(plain(found('a\n\nb\u001b[31m\u202ec', { start: 0, end: 1 })), 'a b\\x1b[31m\\u202ec')
})

test('no line is wider than the terminal, whatever is in it', (t) => {
  const texts = fc.string({
    unit: fc.oneof(
      fc.constantFrom('東', '😀', '\n', 'e\u0301', ' '),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  })
  const property = fc.property(texts, texts, texts, (before, match, after) => {
    const end = before.length + match.length
    const line = plain(found(before + match + after, { start: before.length, end }))
    return displayWidth(line) <= 80 && !line.includes('\n')
  })
  fc.assert(property)
  t.end()
})

test('the width of a text counts columns, and cutting keeps characters whole', async (t) => {
  t.equal(displayWidth('abc'), 3)
  t.equal(displayWidth('東京'), 4)
  t.equal(displayWidth('e\u0301👩‍👩‍👧'), 3)
  t.equal(keepStart('abcdef', 4, '…'), 'abc…')
  t.equal(keepEnd('abcdef', 4, '…'), '…def')
  t.equal(keepStart('東京都', 4, '…'), '東…')
  t.equal(keepStart('abc', 3, '…'), 'abc')
  t.equal(keepStart('abc', 0, '…'), '')
})
