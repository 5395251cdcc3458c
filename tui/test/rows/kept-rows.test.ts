import { test } from 'tap'

import { KeptRows } from '../../src/rows/kept-rows.js'
import { makeLook } from '../../src/rows/look.js'
import { paragraph, plainRow, twoSided } from '../../src/rows/plain-row.js'
import type { Span } from '../../src/rows/row.js'
import { STANDARD } from '../../src/text/widths.js'
import { ENGLISH } from '../../src/words/en.js'

const BOB: readonly Span[] = [{ text: '@bob.42', role: 'name' }]
const AT: readonly Span[] = [{ text: '14:02', role: 'time' }]

function look(kept: KeptRows, columns = 40) {
  return makeLook({ columns, probed: STANDARD, words: ENGLISH, kept })
}

test('what looks the same in the next frame is the same row', (t) => {
  const kept = new KeptRows()
  const rows = () => [
    plainRow(BOB, look(kept)),
    twoSided(BOB, AT, look(kept)),
    ...paragraph('are you there?', 'dim', look(kept)),
  ]
  const before = rows()
  kept.begin()
  const after = rows()
  t.ok(before.length === 3 && after.every((row, at) => row === before[at]))
  t.end()
})

test('a row that was not there for a frame is let go, and so are all when they are cleared', (t) => {
  const kept = new KeptRows()
  const before = plainRow(BOB, look(kept))
  kept.begin()
  kept.begin()
  const after = plainRow(BOB, look(kept))
  t.not(after, before)
  t.strictSame(after, before)
  kept.clear()
  t.not(plainRow(BOB, look(kept)), after)
  t.end()
})

test('no row is taken for another: by its width, its roles, its sides or what its text looks like', (t) => {
  const kept = new KeptRows()
  const text = JSON.stringify(BOB)
  const rows = [
    plainRow(BOB, look(kept)),
    plainRow(BOB, look(kept, 41)),
    plainRow([{ text: '@bob.42', role: 'warn' }], look(kept)),
    plainRow([{ text, role: 'name' }], look(kept)),
    plainRow([...BOB, ...AT], look(kept)),
    twoSided(BOB, AT, look(kept)),
    ...paragraph('@bob.42', 'name', look(kept)),
  ]
  t.equal(new Set(rows).size, rows.length)
  t.end()
})
