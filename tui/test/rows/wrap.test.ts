import fc from 'fast-check'
import { test } from 'tap'

import type { Span } from '../../src/rows/row.js'
import { spansWidth, wrapLine } from '../../src/rows/wrap.js'
import { graphemesOf } from '../../src/text/graphemes.js'
import { makeWidths, STANDARD, UNPROBED } from '../../src/text/widths.js'
import { textOf } from '../support/looks.js'
import { ANY_TEXT } from '../support/texts.js'

const { of: widthOf } = makeWidths(STANDARD)

function wrapped(text: string, columns: number, by: 'words' | 'characters' = 'words') {
  return wrapLine([{ text, role: 'text' }], { columns, widthOf, by }).map(textOf)
}

test('a line breaks between words, and the blanks there go', async (t) => {
  t.same(wrapped('the quick  brown fox', 10), ['the quick', 'brown fox'])
})

test('a word that is wider than a row breaks between its characters', async (t) => {
  t.same(wrapped('an abcdefghijkl z', 5), ['an', 'abcde', 'fghij', 'kl z'])
})

test('a hyphen ends a row, a sign in front of a number does not', async (t) => {
  t.same(wrapped('end-to-end crypto', 8), ['end-to-', 'end', 'crypto'])
  t.same(wrapped('it is -5 now', 7), ['it is', '-5 now'])
})

test('what an indented line begins with stands in front of all of its rows', async (t) => {
  t.same(wrapped('  one two three', 9), ['  one two', '  three'])
})

test('an indentation never takes more than half of a row', async (t) => {
  t.same(wrapped(`${' '.repeat(50)}one two`, 8), ['    one', '    two'])
})

test('a list hangs', async (t) => {
  const first: readonly Span[] = [{ text: '• ', role: 'dim' }]
  const rest: readonly Span[] = [{ text: '  ', role: 'dim' }]
  const rows = wrapLine([{ text: 'one two', role: 'text' }], { columns: 6, widthOf, first, rest })
  t.same(rows.map(textOf), ['• one', '  two'])
})

test('an address goes to a row of its own before it is broken, and breaks at a joint', async (t) => {
  t.same(wrapped('see https://example.org/a', 22), ['see', 'https://example.org/a'])
  t.same(wrapped('https://example.org/path/page?query=1', 20), [
    ...['https://example.org/', 'path/page?query=1'],
  ])
})

test('ideographs break anywhere, but not before what ends nor behind what begins', async (t) => {
  t.same(wrapped('東京都庁', 5), ['東京', '都庁'])
  t.same(wrapped('東京。都', 4), ['東', '京。', '都'])
  t.same(wrapped('東「京」', 6), ['東', '「京」'])
})

test('Thai breaks between words', async (t) => {
  t.same(wrapped('ภาษาไทยภาษา', 6), ['ภาษา', 'ไทย', 'ภาษา'])
})

test('tabs go to the next of every fourth column', async (t) => {
  t.same(wrapped('a\tb\tc', 20), ['a   b   c'])
})

test('code keeps its blanks and breaks where it is full', async (t) => {
  t.same(wrapped('  if (a)  b', 6, 'characters'), ['  if (', 'a)  b'])
})

test('a mark behind the end of a span belongs to what it marks', async (t) => {
  const spans: readonly Span[] = [
    { text: 'e', role: 'text', marks: 1 },
    { text: '\u0301x', role: 'text' },
  ]
  t.same(wrapLine(spans, { columns: 8, widthOf })[0]?.spans, [
    { text: 'e\u0301', role: 'text', marks: 1 },
    { text: 'x', role: 'text' },
  ])
})

test('a row says how many characters of its line stand before it', async (t) => {
  const rows = wrapLine([{ text: 'one two three', role: 'text' }], { columns: 5, widthOf })
  t.same(
    rows.map(({ at }) => at),
    [0, 4, 8],
  )
})

const SPANS = fc.array(
  fc.record({ text: ANY_TEXT, role: fc.constantFrom('text' as const, 'code' as const) }),
  { maxLength: 4 },
)
const ANY = fc.record({
  spans: SPANS,
  columns: fc.integer({ min: 4, max: 40 }),
  probed: fc.constantFrom(STANDARD, UNPROBED, { ...STANDARD, zwj: 4, skinTone: 4, vs16: 1 }),
  by: fc.constantFrom('words' as const, 'characters' as const),
  front: fc.constantFrom('', '> ', '          '),
})

test('no row is wider than it may be, and each is as wide as it says', async (t) => {
  const property = fc.property(ANY, ({ spans, columns, probed, by, front }) => {
    const { of } = makeWidths(probed)
    const prefix: readonly Span[] = [{ text: front, role: 'dim' }]
    const rows = wrapLine(spans, { columns, widthOf: of, by, first: prefix, rest: prefix })
    return rows.every((row) => row.width <= columns && spansWidth(row.spans, of) === row.width)
  })
  fc.assert(property)
  t.pass('for every text that was tried')
})

test('nothing of a text but blanks is lost, and no character is cut', async (t) => {
  const property = fc.property(ANY, ({ spans, columns, probed, by }) => {
    const { of, shown } = makeWidths(probed)
    const given = spans.map(({ text, role }) => ({ text: shown(text), role }))
    const rows = wrapLine(given, { columns, widthOf: of, by })
    const graphemes = rows.flatMap((row) => graphemesOf(textOf(row)))
    const wanted = graphemesOf(given.map(({ text }) => text).join(''))
    const isSeen = (each: string) => each !== ' '
    return graphemes.filter(isSeen).join('|') === wanted.filter(isSeen).join('|')
  })
  fc.assert(property)
  t.pass('for every text that was tried')
})
