import { type Atom, atomShown, atomsOf, type WidthOf } from './atoms.js'
import { type Draft, selectionOf } from './draft.js'
import type { Range } from './fragment.js'
import { columnAt, rowAt, wrapDraft } from './wrap.js'

/** How many rows the composer grows to; then it scrolls. */
export const VISIBLE_ROWS_MAX = 8

/** What of a draft is seen, and where the cursor is in it. */
export interface ComposerLayout {
  /** At least one, at most `rowsMax`. */
  readonly rows: readonly ComposerRow[]
  /** The cursor's cell in these rows, counted from 0. */
  readonly cursor: { readonly row: number; readonly column: number }
  /** How many rows are above the first that is seen: give it back as `top` the next time. */
  readonly top: number
  /** How many rows there are in all. */
  readonly total: number
}

export interface ComposerRow extends Range {
  readonly spans: readonly Span[]
}

/** A part of a row that looks the same. Its text is safe to print, and no wider than the row. */
export interface Span {
  readonly text: string
  /** `control`: what stands in the text as something that cannot be shown. */
  readonly kind: 'text' | 'chip' | 'control'
  readonly selected: boolean
}

export interface LayoutOptions {
  /** How many rows are seen at most. */
  readonly rowsMax?: number
  /** The first row that was seen the last time, so that it scrolls only when it must. */
  readonly top?: number
}

/** The rows of a draft around its cursor, for so many columns (at least 1). */
export function layout(
  draft: Draft,
  columns: number,
  widthOf: WidthOf,
  { rowsMax = VISIBLE_ROWS_MAX, top = 0 }: LayoutOptions = {},
): ComposerLayout {
  const wrapped = wrapDraft(draft, Math.max(1, columns), widthOf)
  const total = wrapped.rows.length
  const row = rowAt(wrapped, draft.cursor)
  const first = scrolled({ row, total, rowsMax, top })
  const rows = wrapped.rows
    .slice(first, first + rowsMax)
    .map((range) => ({ ...range, spans: spansOf(draft, range, wrapped.columns, widthOf) }))
  return {
    rows,
    cursor: { row: row - first, column: columnAt(wrapped, draft.cursor) },
    top: first,
    total,
  }
}

interface Scroll {
  readonly row: number
  readonly total: number
  readonly rowsMax: number
  readonly top: number
}

/** The first row that is seen: the same as before, as long as the cursor is seen and no row is wasted. */
function scrolled({ row, total, rowsMax, top }: Scroll): number {
  const highest = Math.min(row, Math.max(0, total - rowsMax))
  const lowest = Math.max(0, row - rowsMax + 1)
  return Math.max(lowest, Math.min(top, highest))
}

function spansOf(draft: Draft, row: Range, columns: number, widthOf: WidthOf): readonly Span[] {
  const spans: Span[] = []
  for (const atom of atomsOf(draft, row)) {
    if (atom.kind === 'line-end') continue
    const span = {
      text: atomShown(atom, columns, widthOf),
      kind: atom.kind,
      selected: isSelected(draft, atom),
    }
    const last = spans.at(-1)
    if (last?.kind === span.kind && last.selected === span.selected && span.kind !== 'chip') {
      spans[spans.length - 1] = { ...last, text: last.text + span.text }
    } else spans.push(span)
  }
  return spans
}

function isSelected(draft: Draft, { start }: Atom): boolean {
  const selection = selectionOf(draft)
  return selection !== undefined && selection.start <= start && start < selection.end
}
