import { graphemesOf, isPlain } from '../text/graphemes.js'
import type { WidthOf } from '../text/widths.js'
import { breaksOf, NO_BREAKS, type Breaks, type Cell } from './line-breaks.js'
import { isAlike, withText, type Span } from './row.js'

export interface WrapOptions {
  readonly columns: number
  readonly widthOf: WidthOf
  /** In front of the first row. */
  readonly first?: readonly Span[]
  /** In front of all other rows; as wide as `first` where the text hangs. */
  readonly rest?: readonly Span[]
  /** `characters`: breaks anywhere and keeps every blank, as code needs it. */
  readonly by?: 'words' | 'characters'
}

export interface WrappedRow {
  readonly spans: readonly Span[]
  readonly width: number
  /** How many characters (graphemes) of the line stand before this row. */
  readonly at: number
}

const TAB_COLUMNS = 4
/** Of a row, this much at most is given to the indentation that a text brings along. */
const INDENT_SHARE = 1 / 2
/** An address is broken at a joint that leaves no more than this of its row empty. */
const JOINT_SHARE = 1 / 2
/** Stands for a character that is wider than a whole row. */
const TOO_WIDE = '?'

/**
 * A line of text as rows of at most `columns`. It breaks between words, inside of words that are wider
 * than a row (addresses where they have a joint), between ideographs as their punctuation allows,
 * and never inside a grapheme. Blanks at a break go; those at the beginning are repeated in front of
 * every row. There is always a row, if an empty one.
 */
export function wrapLine(spans: readonly Span[], options: WrapOptions): readonly WrappedRow[] {
  const { columns, widthOf, first = [], rest = [], by = 'words' } = options
  const whole = wholeLine(spans, options)
  if (whole !== undefined) return [whole]
  const cells = cellsOf(spans, widthOf)
  const indent = by === 'words' ? indentOf(cells, columns - spansWidth(rest, widthOf)) : 0
  const breaks = by === 'words' ? breaksOf(cells) : NO_BREAKS
  const rows: WrappedRow[] = []
  let begin = by === 'words' ? skipBlanks(cells, 0) : 0
  do {
    const front = [...(rows.length === 0 ? first : rest), ...blanks(indent)]
    const prefix = fitPrefix(front, columns, widthOf)
    const room = Math.max(1, columns - prefix.width)
    const end = rowEnd(cells, begin, { room, breaks, mayHang: by === 'words' })
    const shown = cells.slice(begin, by === 'words' ? trimmedEnd(cells, begin, end) : end)
    const text = fitCells(shown, room)
    rows.push({
      spans: [...prefix.spans, ...spansOf(text.cells)],
      width: prefix.width + text.width,
      at: begin,
    })
    begin = by === 'words' ? skipBlanks(cells, end) : end
  } while (begin < cells.length)
  return rows
}

/** Most lines are plain and fit, and are told apart sooner than they are taken apart. */
function wholeLine(spans: readonly Span[], options: WrapOptions): WrappedRow | undefined {
  const { columns, widthOf, first = [] } = options
  let length = 0
  for (const { text } of spans) {
    length += text.length
    if (length > columns || !isPlain(text)) return undefined
  }
  const width = spansWidth(first, widthOf) + length
  if (width > columns || /^ | $/.test(spans.map(({ text }) => text).join(''))) return undefined
  return { spans: [...first, ...spans.filter(({ text }) => text !== '')], width, at: 0 }
}

/** How many columns spans take together. */
export function spansWidth(spans: readonly Span[], widthOf: WidthOf): number {
  return spans.reduce((sum, { text }) => sum + textWidth(text, widthOf), 0)
}

export function textWidth(text: string, widthOf: WidthOf): number {
  if (isPlain(text)) return text.length
  return graphemesOf(text).reduce((sum, grapheme) => sum + widthOf(grapheme), 0)
}

/** As many whole characters as fit into `columns`, with `more` where something is left out. */
export function clipText(text: string, columns: number, widthOf: WidthOf, more = '…'): string {
  if (textWidth(text, widthOf) <= columns) return text
  let left = columns - textWidth(more, widthOf)
  if (left < 0) return ''
  const kept: string[] = []
  for (const grapheme of graphemesOf(text)) {
    left -= widthOf(grapheme)
    if (left < 0) break
    kept.push(grapheme)
  }
  return `${kept.join('')}${more}`
}

/** Graphemes are those of the whole line: a mark behind the end of a span belongs to what it marks. */
function cellsOf(spans: readonly Span[], widthOf: WidthOf): readonly Cell[] {
  const line = spans.map(({ text }) => text).join('')
  const cells: Cell[] = []
  let [span, spanAt, spanEnd] = [spans[0], 0, spans[0]?.text.length ?? 0]
  let [offset, column] = [0, 0]
  for (const grapheme of graphemesOf(line)) {
    while (offset >= spanEnd && spanAt + 1 < spans.length) {
      span = spans[++spanAt]
      spanEnd += span?.text.length ?? 0
    }
    if (span === undefined) break
    const text = grapheme === '\t' ? ' '.repeat(TAB_COLUMNS - (column % TAB_COLUMNS)) : grapheme
    const width = grapheme === '\t' ? text.length : widthOf(grapheme)
    cells.push({ text, width, span, isBlank: grapheme === ' ' || grapheme === '\t' })
    offset += grapheme.length
    column += width
  }
  return cells
}

function indentOf(cells: readonly Cell[], columns: number): number {
  let width = 0
  for (const cell of cells) {
    if (!cell.isBlank) return Math.min(width, Math.floor(columns * INDENT_SHARE))
    width += cell.width
  }
  return 0
}

interface RowRoom {
  readonly room: number
  readonly breaks: Breaks
  /** Blanks hang over the edge: they are cut off there. */
  readonly mayHang: boolean
}

/** Where the row that begins at `begin` ends: at the last break that fits, else where it is full. */
function rowEnd(cells: readonly Cell[], begin: number, { room, breaks, mayHang }: RowRoom): number {
  let width = 0
  let word = begin
  let joint = begin
  for (let at = begin; at < cells.length; at++) {
    const cell = cells[at]
    if (cell === undefined) break
    if (at > begin && breaks.words.has(at)) word = at
    if (breaks.joints.has(at) && width >= room * JOINT_SHARE) joint = at
    if (width + cell.width > room && !(cell.isBlank && mayHang)) {
      if (word > begin) return word
      return joint > begin ? joint : Math.max(at, begin + 1)
    }
    width += cell.width
  }
  return cells.length
}

function trimmedEnd(cells: readonly Cell[], begin: number, end: number): number {
  let trimmed = end
  while (trimmed > begin && cells[trimmed - 1]?.isBlank === true) trimmed--
  return trimmed
}

function skipBlanks(cells: readonly Cell[], from: number): number {
  let at = from
  while (at < cells.length && cells[at]?.isBlank === true) at++
  return at
}

/** One character may be wider than the room, and stands as a sign of it. */
function fitCells(
  cells: readonly Cell[],
  room: number,
): { readonly cells: readonly Cell[]; readonly width: number } {
  const fitting: Cell[] = []
  let width = 0
  for (const cell of cells) {
    const fits = cell.width <= room ? cell : { ...cell, text: TOO_WIDE, width: 1 }
    if (width + fits.width > room) break
    fitting.push(fits)
    width += fits.width
  }
  return { cells: fitting, width }
}

/** A prefix never takes the last column from the text. */
function fitPrefix(
  spans: readonly Span[],
  columns: number,
  widthOf: WidthOf,
): { readonly spans: readonly Span[]; readonly width: number } {
  const width = spansWidth(spans, widthOf)
  return width < columns ? { spans, width } : { spans: [], width: 0 }
}

function blanks(count: number): readonly Span[] {
  return count <= 0 ? [] : [{ text: ' '.repeat(count), role: 'text' }]
}

/** Neighbours that look alike are one span again. */
function spansOf(cells: readonly Cell[]): readonly Span[] {
  const spans: Span[] = []
  let text = ''
  let current: Span | undefined
  for (const cell of cells) {
    if (current !== undefined && !isAlike(current, cell.span)) {
      spans.push(withText(current, text))
      text = ''
    }
    current = cell.span
    text += cell.text
  }
  if (current !== undefined) spans.push(withText(current, text))
  return spans
}
