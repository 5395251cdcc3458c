import fc from 'fast-check'
import { test } from 'tap'

import { graphemesOf } from '../../src/composer/boundaries.js'
import * as composing from '../../src/composer/composer.js'
import { type Composer, openComposer } from '../../src/composer/composer.js'
import { type ComposerLayout, layout } from '../../src/composer/layout.js'
import { indexAt, wrapDraft } from '../../src/composer/wrap.js'
import { displayWidth } from '../../src/text/width.js'

const MOVE = { extend: false }

function typed(text: string): Composer {
  return composing.type(openComposer(), text)
}

function textsOf({ rows }: ComposerLayout): string[] {
  return rows.map(({ spans }) => spans.map(({ text }) => text).join(''))
}

function shown(composer: Composer, columns: number, top = 0): ComposerLayout {
  return layout(composer.draft, columns, displayWidth, { rowsMax: 3, top })
}

test('an empty draft is one row with the cursor in it', async (t) => {
  t.match(shown(openComposer(), 10), {
    rows: [{ spans: [] }],
    cursor: { row: 0, column: 0 },
    total: 1,
  })
})

test('words go to the next row whole, where a row holds them', async (t) => {
  t.same(textsOf(shown(typed('one two three'), 8)), ['one two ', 'three'])
  t.same(textsOf(shown(typed('abcdefghij'), 4)), ['abcd', 'efgh', 'ij'])
})

test('wide characters are not cut in half', async (t) => {
  t.same(textsOf(shown(typed('你好吗'), 5)), ['你好', '吗'])
})

test('behind a full row the cursor gets one of its own', async (t) => {
  const full = shown(typed('abcd'), 4)
  t.same([textsOf(full), full.cursor], [['abcd', ''], { row: 1, column: 0 }])
  t.same(textsOf(shown(composing.move(typed('abcd'), 'left', MOVE), 4)), ['abcd'])
})

test('what cannot be shown is told apart from what was written', async (t) => {
  const { rows } = shown(typed('a\u001bb\t'), 20)
  t.same(rows[0]?.spans, [
    { text: 'a', kind: 'text', selected: false },
    { text: '\\x1b', kind: 'control', selected: false },
    { text: 'b', kind: 'text', selected: false },
    { text: '    ', kind: 'control', selected: false },
  ])
})

test('a chip is its label, cut where there is no room', async (t) => {
  const chip = composing.paste(typed('see '), 'one\n'.repeat(84))
  t.same(textsOf(shown(chip, 40)), ['see [pasted 84 lines]'])
  t.same(textsOf(shown(chip, 8)), ['see ', '[pasted…', ''])
  const long = composing.paste(openComposer(), 'x'.repeat(1001))
  t.same(textsOf(shown(long, 40)), ['[pasted 1001 characters]'])
})

test('what is selected is a span of its own', async (t) => {
  const { rows } = shown(composing.move(typed('one two'), 'word-left', { extend: true }), 20)
  t.same(
    rows[0]?.spans.map(({ text, selected }) => [text, selected]),
    [
      ['one ', false],
      ['two', true],
    ],
  )
})

test('it scrolls as little as it must', async (t) => {
  const end = typed('1\n2\n3\n4\n5')
  const below = shown(end, 10)
  t.same([textsOf(below), below.top, below.total], [['3', '4', '5'], 2, 5])
  const up = composing.moveTo(end, 4, MOVE)
  t.same(textsOf(shown(up, 10, below.top)), ['3', '4', '5'])
  t.same(textsOf(shown(composing.moveTo(end, 2, MOVE), 10, below.top)), ['2', '3', '4'])
  t.same(textsOf(shown(typed('1'), 10, below.top)), ['1'])
})

test('up and down keep to the column where they began', async (t) => {
  const wrap = (draft: Composer['draft']) => wrapDraft(draft, 8, displayWidth)
  const end = typed('abcdef\nx\nabcdef')
  const up = composing.moveRow(end, -1, wrap, MOVE)
  t.equal(up.draft.cursor, 8)
  const twice = composing.moveRow(up, -1, wrap, MOVE)
  t.equal(twice.draft.cursor, 6)
  const start = composing.moveRow(twice, -1, wrap, MOVE)
  t.equal(start.draft.cursor, 0)
  t.equal(composing.moveRow(start, -1, wrap, MOVE), start)
  t.equal(composing.moveRow(end, 1, wrap, MOVE), end)
})

test('rows are as they are shown, in a long line too', async (t) => {
  const wrap = (draft: Composer['draft']) => wrapDraft(draft, 4, displayWidth)
  const middle = composing.moveTo(typed('abcdefghij'), 5, MOVE)
  t.equal(composing.moveRow(middle, -1, wrap, MOVE).draft.cursor, 1)
  t.equal(composing.moveRow(middle, 1, wrap, MOVE).draft.cursor, 9)
})

const WRITTEN = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', ' ', '\n', '\t', 'é', 'e\u0301', '你', '👍🏽', '👩‍👩‍👧', '🇫🇷', '\u200d', 'क्षि'),
    fc.constantFrom('\u001b', '\u202e', '한', '\u1100', '\u0600', 'я'),
  ),
  maxLength: 60,
})

test('no row is wider than there is room, and no grapheme is lost or cut', async (t) => {
  fc.assert(
    fc.property(WRITTEN, fc.integer({ min: 2, max: 12 }), (text, columns) => {
      const { draft } = typed(text)
      const all = layout(draft, columns, displayWidth, { rowsMax: 1000 })
      t.ok(textsOf(all).every((row) => displayWidth(row) <= columns || /\\/.test(row)))
      const rows = all.rows.map(({ start, end }) => draft.text.slice(start, end))
      t.equal(rows.join(''), draft.text.replaceAll('\n', ''))
      t.ok(all.cursor.column < columns)
      t.notMatch(textsOf(all).join(''), /[\u0000-\u001f\u202e]/)
    }),
  )
})

test('the cell of a place in the text leads back to it', async (t) => {
  fc.assert(
    fc.property(
      WRITTEN,
      fc.nat({ max: 60 }),
      fc.integer({ min: 2, max: 12 }),
      (text, at, columns) => {
        const widths = (grapheme: string) => Math.max(1, displayWidth(grapheme))
        const { draft } = composing.moveTo(typed(text), at, MOVE)
        const { cursor } = layout(draft, columns, widths, { rowsMax: 1000 })
        const wrapped = wrapDraft(draft, columns, widths)
        t.equal(indexAt(wrapped, cursor.row, cursor.column), draft.cursor)
      },
    ),
  )
})

test('graphemes are those of Unicode, however they are found', async (t) => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
  const expected = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment)
  fc.assert(
    fc.property(fc.oneof(WRITTEN, fc.string({ unit: 'binary' })), (written) => {
      const text = written.replaceAll(/[\r\n]/g, '').toWellFormed()
      t.same(Array.from(graphemesOf(text)), expected(text))
    }),
  )
  const long = '👩‍👩‍👧'.repeat(300)
  t.same(Array.from(graphemesOf(long)), expected(long))
})
