import fc from 'fast-check'
import { test } from 'tap'

import type { EntryId, Row } from '../../src/rows/row.js'
import {
  BOTTOM,
  scrollBy,
  scrollTo,
  windowOf,
  type ScrollPlace,
  type Timeline,
} from '../../src/rows/virtual.js'
import { idOf } from '../support/entries.js'
import { textOf } from '../support/looks.js'

interface Item {
  readonly number: number
  /** The lengths of its lines. */
  readonly lines: readonly number[]
}

/** Items whose lines are cut into rows of `columns`, each row saying where it begins. */
function timeline(items: readonly Item[], columns = 10): Timeline {
  return {
    count: items.length,
    idAt: (index) => idOf(items[index]!.number),
    indexOf: (id: EntryId) => {
      const index = items.findIndex(({ number }) => idOf(number) === id)
      return index < 0 ? undefined : index
    },
    rowsAt: (index) => rowsOf(items[index]!, columns),
  }
}

function rowsOf({ number, lines }: Item, columns: number): readonly Row[] {
  return lines.flatMap((length, line) =>
    Array.from({ length: Math.max(1, Math.ceil(length / columns)) }, (_, row) => {
      const at = row * columns
      const text = `${String(number)}.${String(line)}@${String(at)}`
      const anchor = { entry: idOf(number), line, at }
      return { kind: 'text' as const, spans: [{ text, role: 'text' as const }], width: 0, anchor }
    }),
  )
}

function items(from: number, to: number, lines: readonly number[] = [10]): readonly Item[] {
  return Array.from({ length: to - from + 1 }, (_, at) => ({ number: from + at, lines }))
}

function seen(of: Timeline, place: ScrollPlace, height: number): readonly string[] {
  return windowOf(of, place, height).rows.map(textOf)
}

const TEN = timeline(items(11, 20))

test('at the bottom the newest rows are seen, and what comes is seen at once', async (t) => {
  t.same(seen(TEN, BOTTOM, 2), ['19.0@0', '20.0@0'])
  t.same(seen(timeline(items(11, 21)), BOTTOM, 2), ['20.0@0', '21.0@0'])
})

test('the window says how many entries stand above and below', async (t) => {
  const place = scrollBy(TEN, BOTTOM, { height: 3, rows: -4 })
  t.match(windowOf(TEN, place, 3), { above: 3, below: 4 })
})

test('what is read stays where it is when others come below', async (t) => {
  const place = scrollBy(TEN, BOTTOM, { height: 3, rows: -4 })
  t.same(seen(timeline(items(11, 30)), place, 3), seen(TEN, place, 3))
})

test('what is read stays where it is when older ones are put in front', async (t) => {
  const place = scrollBy(TEN, BOTTOM, { height: 3, rows: -99 })
  t.same(seen(TEN, place, 3), ['11.0@0', '12.0@0', '13.0@0'])
  t.same(seen(timeline(items(1, 20)), place, 3), ['11.0@0', '12.0@0', '13.0@0'])
})

test('what is read stays on the first row when the width changes', async (t) => {
  const long = items(1, 12, [100, 40])
  const place = scrollBy(timeline(long), BOTTOM, { height: 5, rows: -59 })
  t.equal(seen(timeline(long), place, 5)[0], '8.0@60')
  t.equal(seen(timeline(long, 7), place, 5)[0], '8.0@56')
  t.equal(seen(timeline(long, 100), place, 5)[0], '8.0@0')
  t.same(seen(timeline(long), place, 5)[0], '8.0@60')
})

test('where the entry on the first row is gone, the next one stands there', async (t) => {
  const place = scrollBy(TEN, BOTTOM, { height: 3, rows: -4 })
  const without = timeline(items(11, 20).filter(({ number }) => number !== 14))
  t.same(seen(without, place, 3), ['15.0@0', '16.0@0', '17.0@0'])
})

test('scrolling down to the end stays at the bottom', async (t) => {
  const up = scrollBy(TEN, BOTTOM, { height: 3, rows: -4 })
  t.equal(scrollBy(TEN, up, { height: 3, rows: 3 }).kind, 'anchored')
  t.same(scrollBy(TEN, up, { height: 3, rows: 4 }), BOTTOM)
})

test('an entry is led to in the middle, and one that is not there nowhere', async (t) => {
  const place = scrollTo(TEN, BOTTOM, { height: 3, id: idOf(14) })
  t.same(seen(TEN, place, 3), ['13.0@0', '14.0@0', '15.0@0'])
  t.equal(scrollTo(TEN, place, { height: 3, id: idOf(99) }), place)
})

test('a higher window is filled from above', async (t) => {
  const place = scrollBy(TEN, BOTTOM, { height: 3, rows: -1 })
  t.same(seen(TEN, place, 5), ['16.0@0', '17.0@0', '18.0@0', '19.0@0', '20.0@0'])
})

test('an empty timeline has nothing to see, and is at the bottom', async (t) => {
  t.same(windowOf(timeline([]), BOTTOM, 5), { rows: [], above: 0, below: 0 })
  t.same(scrollBy(timeline([]), BOTTOM, { height: 5, rows: -3 }), BOTTOM)
})

test('only the rows of entries that are near are asked for', async (t) => {
  const many = timeline(items(1, 200))
  const asked = new Set<number>()
  const watched: Timeline = {
    ...many,
    rowsAt: (index) => {
      asked.add(index)
      return many.rowsAt(index)
    },
  }
  windowOf(watched, BOTTOM, 10)
  t.equal(asked.size, 10)
})

test('however one scrolls, the window is full, and back leads back', async (t) => {
  const lines = fc.array(fc.array(fc.nat(60), { maxLength: 3 }), { maxLength: 12 })
  const property = fc.property(
    lines,
    fc.integer({ min: 1, max: 9 }),
    fc.nat(30),
    (all, height, by) => {
      const of = timeline(all.map((each, at) => ({ number: at + 1, lines: each })))
      const rows = all
        .flatMap((each, at) => rowsOf({ number: at + 1, lines: each }, 10))
        .map(textOf)
      const place = scrollBy(of, BOTTOM, { height, rows: -by })
      const top = Math.max(0, rows.length - height - by)
      const back = scrollBy(of, place, { height, rows: by })
      return (
        seen(of, place, height).join() === rows.slice(top, top + height).join() &&
        seen(of, back, height).join() === seen(of, BOTTOM, height).join()
      )
    },
  )
  fc.assert(property)
  t.pass('for every timeline that was tried')
})
