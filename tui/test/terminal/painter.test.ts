import { test } from 'tap'

import type { Row } from '../../src/rows/row.js'
import { makeTheme } from '../../src/rows/theme.js'
import { Painter, type Placed } from '../../src/terminal/painter.js'
import { look } from '../support/looks.js'
import { plainRow } from '../../src/rows/plain-row.js'

const ESC = '\u001b'
const HIDE = `${ESC}[?25l`
const WIDE = look()

function painter(isSynchronized = false) {
  return new Painter(optionsOf('dark', isSynchronized))
}

function optionsOf(background: 'dark' | 'light', isSynchronized = false) {
  const theme = makeTheme({ depth: '16', background })
  return { theme, widthOf: WIDE.widths.of, links: true, isSynchronized }
}

function rowsOf(...texts: readonly string[]): readonly Row[] {
  return texts.map((text) => plainRow([{ text, role: 'text' }], WIDE))
}

interface At {
  readonly x?: number
  readonly y?: number
  readonly width?: number
}

function pane(rows: readonly Row[], { x = 0, y = 0, width = 10 }: At = {}): Placed {
  return { rect: { x, y, width, height: rows.length }, rows, isSelected: () => false }
}

test('the first frame is whole and clears nothing', async (t) => {
  const bytes = painter().paint([pane(rowsOf('one', 'two'))], undefined, 10)
  t.equal(bytes, `${HIDE}${ESC}[1;1Hone       ${ESC}[2;1Htwo       ${HIDE}`)
})

test('only the part of a line that is another is written again', async (t) => {
  const painting = painter()
  const list = pane(rowsOf('alice', 'bob'), { width: 6 })
  const before = pane(rowsOf('hello', 'there'), { x: 7, width: 10 })
  const after = pane(rowsOf('hello', 'friend'), { x: 7, width: 10 })
  painting.paint([list, before], undefined, 17)
  t.equal(painting.paint([list, after], undefined, 17), `${HIDE}${ESC}[2;8Hfriend    ${HIDE}`)
})

test('nothing is written where nothing is new, and only the cursor where it alone moved', async (t) => {
  const painting = painter()
  const shown = pane(rowsOf('text'))
  painting.paint([shown], { row: 0, column: 1 }, 10)
  t.equal(painting.paint([shown], { row: 0, column: 1 }, 10), '')
  t.equal(painting.paint([shown], { row: 0, column: 2 }, 10), `${ESC}[1;3H${ESC}[?25h`)
})

test('wide characters fill their pane to its last column and never go beyond', async (t) => {
  const bytes = painter().paint([pane(rowsOf('日本語日本語'), { width: 9 })], undefined, 9)
  t.equal(bytes, `${HIDE}${ESC}[1;1H日本語日 ${HIDE}`)
})

test('a shorter row leaves nothing of the one before it', async (t) => {
  const painting = painter()
  painting.paint([pane(rowsOf('日本語'))], undefined, 10)
  t.equal(painting.paint([pane(rowsOf('a'))], undefined, 10), `${HIDE}${ESC}[1;1Ha         ${HIDE}`)
})

test('what stands over everything has its lines alone, and what was under it comes back whole', async (t) => {
  const painting = painter()
  const under = [pane(rowsOf('left'), { width: 5 }), pane(rowsOf('right'), { x: 5, width: 5 })]
  painting.paint(under, undefined, 10)
  const over = painting.paint([...under, pane(rowsOf('over'))], undefined, 10)
  t.equal(over, `${HIDE}${ESC}[1;1Hover      ${HIDE}`)
  t.equal(painting.paint(under, undefined, 10), `${HIDE}${ESC}[1;1Hleft ${ESC}[1;6Hright${HIDE}`)
})

test('what was forgotten is painted anew', async (t) => {
  const painting = painter()
  const shown = pane(rowsOf('text'))
  const first = painting.paint([shown], undefined, 10)
  painting.forget()
  t.equal(painting.paint([shown], undefined, 10), first)
})

test('the same rows have other colours on another background', async (t) => {
  const painting = painter()
  const shown = pane([plainRow([{ text: 'name', role: 'other' }], WIDE)])
  const dark = painting.paint([shown], undefined, 10)
  painting.use(optionsOf('light'))
  const light = painting.paint([shown], undefined, 10)
  t.match(dark, `${ESC}[1;94mname`)
  t.match(light, `${ESC}[1;34mname`)
})

test('several changes are shown at once where the terminal can, one is not dressed up', async (t) => {
  const painting = painter(true)
  const bytes = painting.paint([pane(rowsOf('one', 'two'))], undefined, 10)
  t.ok(bytes.startsWith(`${ESC}[?2026h`) && bytes.endsWith(`${ESC}[?2026l`))
  t.notMatch(painting.paint([pane(rowsOf('one', 'new'))], undefined, 10), '2026')
})
