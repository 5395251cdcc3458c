import fc from 'fast-check'
import { test } from 'tap'

import { paintRow, type PaintOptions } from '../../src/rows/paint.js'
import { BOLD, STRIKE, type Role, type Row, type Span } from '../../src/rows/row.js'
import { makeTheme } from '../../src/rows/theme.js'
import { textWidth } from '../../src/rows/wrap.js'
import { makeWidths, STANDARD } from '../../src/text/widths.js'
import { HOSTILE_TEXT } from '../support/texts.js'

const { of: widthOf } = makeWidths(STANDARD)
const NO_COLOR: PaintOptions = {
  theme: makeTheme({ depth: 'none', background: 'dark' }),
  ...{ widthOf, columns: 10, links: false },
}

function rowOf(...spans: readonly Span[]): Row {
  return { kind: 'text', spans, width: 0, anchor: undefined }
}

test('a row is filled up to its width', async (t) => {
  t.equal(paintRow(rowOf({ text: 'abc', role: 'text' }), NO_COLOR), 'abc       ')
})

test('a character that would stand half outside is left out', async (t) => {
  const painted = paintRow(rowOf({ text: 'a東京', role: 'text' }), { ...NO_COLOR, columns: 4 })
  t.equal(painted, 'a東 ')
})

test('without colours bold, underlined, struck and inverse stay', async (t) => {
  const paint = (role: Role, marks = 0) =>
    paintRow(rowOf({ text: 'x', role, marks }), { ...NO_COLOR, columns: 1 })
  t.equal(paint('own'), '\u001b[1mx\u001b[0m')
  t.equal(paint('link'), '\u001b[4mx\u001b[0m')
  t.equal(paint('match', BOLD | STRIKE), '\u001b[1;7;9mx\u001b[0m')
})

test('a role is a colour in every depth, and another on a light background', async (t) => {
  const bad = (depth: '16' | '256' | 'truecolor', background: 'dark' | 'light') =>
    makeTheme({ depth, background })('bad', 0)
  t.same(
    [bad('16', 'dark'), bad('256', 'dark'), bad('truecolor', 'dark')],
    [...['1;91', '1;38;5;203', '1;38;2;255;105;97']],
  )
  t.equal(bad('256', 'light'), '1;38;5;160')
})

test('a chosen row is inverse from edge to edge', async (t) => {
  const row = rowOf({ text: 'ab', role: 'name' })
  t.equal(
    paintRow(row, { ...NO_COLOR, columns: 4, isSelected: true }),
    '\u001b[7;1mab\u001b[0m\u001b[7m  \u001b[0m',
  )
})

test('a link is told to the terminal with one id wherever it stands', async (t) => {
  const link = 'https://example.org/a'
  const row = rowOf({ text: 'a', role: 'text', link }, { text: 'b', role: 'text', link })
  t.match(
    paintRow(row, { ...NO_COLOR, columns: 2, links: true }),
    /^\u001b\]8;id=(\w+);https:\/\/example\.org\/a\u001b\\a\u001b\]8;;\u001b\\\u001b\]8;id=\1;/,
  )
})

test('a link that could be anything else is not told', async (t) => {
  const hostile = ['javascript:alert(1)', 'https://a\u001b\\b', 'https://a b', 'https://é.org/']
  const painted = hostile.map((link) =>
    paintRow(rowOf({ text: 'x', role: 'text', link }), { ...NO_COLOR, columns: 1, links: true }),
  )
  t.same(painted, ['x', 'x', 'x', 'x'])
})

/** Everything of ours that may stand in a painted row. */
const OURS = /\u001b\[[\d;]*m|\u001b\]8;(?:id=\w+;(?:https?|mailto):[!-~]+|;)\u001b\\/g

test('nothing reaches a terminal but text, colours and links of ours, and exactly as wide as asked', async (t) => {
  const links = fc.option(
    HOSTILE_TEXT.map((text) => `https://${text}`),
    { nil: undefined },
  )
  const spans = fc.array(fc.tuple(HOSTILE_TEXT, links), { maxLength: 4 })
  const columns = fc.integer({ min: 1, max: 60 })
  const property = fc.property(spans, columns, (given, width) => {
    const all = given.map(([text, link]): Span => ({
      text,
      role: 'link',
      ...(link === undefined ? {} : { link }),
    }))
    const theme = makeTheme({ depth: 'truecolor', background: 'dark' })
    const painted = paintRow(rowOf(...all), { theme, widthOf, columns: width, links: true })
    const parts = painted.split(OURS)
    const isText = parts.every((part) => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/.test(part))
    const sum = parts.reduce((columnsSoFar, part) => columnsSoFar + textWidth(part, widthOf), 0)
    return isText && sum === width
  })
  fc.assert(property)
  t.pass('for every text that was tried')
})
