import { type Atom, atomsOf, atomWidth, type WidthOf } from './atoms.js'
import type { Draft } from './draft.js'
import type { Range } from './fragment.js'

/** A draft in rows of so many columns. */
export interface Wrapped {
  readonly draft: Draft
  readonly columns: number
  readonly widthOf: WidthOf
  /** At least one. A line end belongs to no row; where a line only goes on, the next row begins at `end`. */
  readonly rows: readonly Range[]
}

/**
 * Breaks lines behind spaces, wide characters and chips, and words only where they are longer than a
 * row. When the cursor is behind a full row, it gets a row of its own.
 */
export function wrapDraft(draft: Draft, columns: number, widthOf: WidthOf): Wrapped {
  const rows: Range[] = []
  let row = new Filling(0)
  for (const atom of atomsOf(draft, { start: 0, end: draft.text.length })) {
    if (atom.kind === 'line-end') {
      rows.push(...row.last(draft.cursor, columns))
      row = new Filling(atom.end)
      continue
    }
    const width = atomWidth(atom, columns, widthOf)
    while (!row.fits(width, columns)) rows.push(row.break())
    row.add(atom, width)
  }
  rows.push(...row.last(draft.cursor, columns))
  return { draft, columns, widthOf, rows }
}

/** The row that a place in the text is shown in. */
export function rowAt({ rows }: Wrapped, index: number): number {
  return Math.max(
    0,
    rows.findLastIndex(({ start }) => start <= index),
  )
}

/** How many columns are before a place in its row. */
export function columnAt(wrapped: Wrapped, index: number): number {
  const { draft, columns, widthOf, rows } = wrapped
  const start = rows[rowAt(wrapped, index)]?.start ?? 0
  let column = 0
  for (const atom of atomsOf(draft, { start, end: index })) {
    column += atomWidth(atom, columns, widthOf)
  }
  return column
}

/** The place in the text at a column of a row: before the first row its beginning, below the last its end. */
export function indexAt(
  { draft, columns, widthOf, rows }: Wrapped,
  row: number,
  column: number,
): number {
  const range = rows[row]
  if (range === undefined) return row < 0 ? 0 : draft.text.length
  let index = range.start
  let used = 0
  for (const atom of atomsOf(draft, range)) {
    used += atomWidth(atom, columns, widthOf)
    const isLast = atom.end === range.end && rows[row + 1]?.start === range.end
    if (used > column || isLast) return index
    index = atom.end
  }
  return index
}

/** The row that is being filled. It changes in place: there is a step for every character. */
class Filling {
  #start: number
  #end: number
  #width = 0
  /** The last place in it where a word ends, or its start; and how wide the row is up to there. */
  #breakAt: number
  #breakWidth = 0

  constructor(start: number) {
    this.#start = start
    this.#end = start
    this.#breakAt = start
  }

  /** Whatever fits into no row fits into an empty one. */
  fits(width: number, columns: number): boolean {
    return this.#width + width <= columns || this.#end === this.#start
  }

  add(atom: Atom, width: number): void {
    if (atom.kind === 'chip') this.#mayBreak()
    this.#end = atom.end
    this.#width += width
    if (atom.kind !== 'text' || width > 1 || isSpace(atom.shown)) this.#mayBreak()
  }

  /** The row up to where a word ends; what is behind that begins the next. */
  break(): Range {
    if (this.#breakAt === this.#start) this.#mayBreak()
    const row = { start: this.#start, end: this.#breakAt }
    this.#start = this.#breakAt
    this.#width -= this.#breakWidth
    this.#breakWidth = 0
    return row
  }

  /** The last row of a line, and the one for a cursor that has no cell in it. */
  last(cursor: number, columns: number): readonly Range[] {
    const row = { start: this.#start, end: this.#end }
    const isFull = this.#width >= columns && row.end > row.start
    return isFull && cursor === row.end ? [row, { start: cursor, end: cursor }] : [row]
  }

  #mayBreak(): void {
    this.#breakAt = this.#end
    this.#breakWidth = this.#width
  }
}

function isSpace(shown: string): boolean {
  return shown === ' ' || shown === '\u3000'
}
