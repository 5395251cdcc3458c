import fc from 'fast-check'
import { TEXT_BYTES_MAX } from '@sotto/protocol'
import { test } from 'tap'

import { CHIPS_MAX } from '../../src/composer/chips.js'
import { EMPTY_DRAFT } from '../../src/composer/draft.js'
import { parseDraft, SAVED_LENGTH_MAX, serialiseDraft } from '../../src/composer/saved-draft.js'

const SAVED = { version: 1, text: 'one\ntwo', cursor: 3, chips: [[0, 3, true]] }

function parse(changes: object): string {
  return parseDraft(JSON.stringify({ ...SAVED, ...changes })).kind
}

test('what a later sotto wrote is told from what is broken', async (t) => {
  t.equal(parse({}), 'draft')
  t.equal(parse({ version: 2, text: 5 }), 'newer')
  t.equal(parse({ version: 0 }), 'broken')
  t.equal(parse({ version: '1' }), 'broken')
})

test('a draft that could not have been written is not read', async (t) => {
  t.equal(parse({ text: 'a\r\nb' }), 'broken')
  t.equal(parse({ text: 'a\ud83d' }), 'broken')
  t.equal(parse({ text: 'x'.repeat(TEXT_BYTES_MAX + 1), chips: [] }), 'broken')
  t.equal(parse({ cursor: 1.5 }), 'broken')
  t.equal(parse({ chips: {} }), 'broken')
  t.equal(parse({ chips: [[0, 8, true]] }), 'broken')
  t.equal(parse({ chips: [[2, 2, true]] }), 'broken')
  t.equal(parse({ chips: [[0, 2, 1]] }), 'broken')
  t.equal(
    parse({
      chips: [
        [2, 3, true],
        [0, 1, true],
      ],
    }),
    'broken',
  )
  t.equal(parse({ chips: Array.from({ length: CHIPS_MAX + 1 }, () => [0, 1, true]) }), 'broken')
})

test('a cursor is put where one may be', async (t) => {
  t.match(parseDraft(JSON.stringify({ ...SAVED, cursor: 2 })), { draft: { cursor: 3 } })
  t.match(parseDraft(JSON.stringify({ ...SAVED, cursor: -9 })), { draft: { cursor: 0 } })
  t.match(parseDraft(JSON.stringify({ ...SAVED, cursor: 999 })), { draft: { cursor: 7 } })
})

test('the longest draft can be saved, and a longer text is not even parsed', async (t) => {
  const draft = { ...EMPTY_DRAFT, text: '\u0001'.repeat(TEXT_BYTES_MAX) }
  t.match(parseDraft(serialiseDraft(draft)), { kind: 'draft', draft })
  t.same(parseDraft(' '.repeat(SAVED_LENGTH_MAX) + serialiseDraft(EMPTY_DRAFT)), { kind: 'broken' })
})

test('anything at all is answered', async (t) => {
  const json = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((text) => JSON.stringify({ ...SAVED, text })),
    fc.jsonValue().map((chips) => JSON.stringify({ ...SAVED, chips })),
  )
  fc.assert(
    fc.property(json, (saved) => {
      t.ok(['draft', 'newer', 'broken'].includes(parseDraft(saved).kind))
    }),
  )
})
