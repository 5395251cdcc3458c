import type { Rect } from '../model/panes.js'
import { paintRow, type PaintOptions } from '../rows/paint.js'
import type { Row } from '../rows/row.js'

/** The rows of one pane, and where it is. What it has no row for is blank. */
export interface Placed {
  readonly rect: Rect
  readonly rows: readonly Row[]
  readonly isSelected: (row: Row) => boolean
}

/** Cells, counted from 0; undefined: it is not shown. */
export type CursorCell = { readonly row: number; readonly column: number } | undefined

export interface PainterOptions extends Pick<PaintOptions, 'theme' | 'widthOf' | 'links'> {
  /** The terminal shows at once what is between two marks (mode 2026). */
  readonly isSynchronized: boolean
}

interface Segment {
  readonly x: number
  readonly text: string
}

const BEGIN_SYNCHRONIZED = '\u001b[?2026h'
const END_SYNCHRONIZED = '\u001b[?2026l'
const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const BLANK: Row = { kind: 'text', spans: [], width: 0, anchor: undefined }

/**
 * Writes what is new on the screen, and nothing else: each pane's part of a line is written where it
 * is not as it was. It never clears. It remembers one screen of decrypted text: `forget` it on lock, and when something is removed.
 */
export class Painter {
  #options: PainterOptions
  #lines: (readonly Segment[])[] = []
  #cursor = ''
  /** Rows are the same objects for as long as they look the same. */
  #painted = new WeakMap<Row, { readonly key: string; readonly text: string }>()

  constructor(options: PainterOptions) {
    this.#options = options
  }

  /** Other colours or widths: all is painted anew. */
  use(options: PainterOptions): void {
    this.#options = options
    this.forget()
  }

  /** As if nothing had been painted yet. */
  forget(): void {
    this.#lines = []
    this.#cursor = ''
    this.#painted = new WeakMap()
  }

  /**
   * The bytes that bring the screen from what was painted last to this; empty where nothing is new.
   * Of panes that share a line the later one has it alone where it is as wide as `columns`, and the
   * place of an earlier one where it begins in the same column.
   */
  paint(panes: readonly Placed[], cursor: CursorCell, columns: number): string {
    const lines: Segment[][] = []
    for (const { rect, rows, isSelected } of panes) {
      for (let at = 0; at < rect.height; at++) {
        const row = rows[at] ?? BLANK
        const segment = { x: rect.x, text: this.#text(row, rect.width, isSelected(row)) }
        const line = lines[rect.y + at]
        if (line === undefined || rect.width >= columns) lines[rect.y + at] = [segment]
        else lines[rect.y + at] = [...line.filter(({ x }) => x !== rect.x), segment]
      }
    }
    const parts = lines.flatMap((line, y) => this.#changes(line, y))
    this.#lines = lines
    const shown =
      cursor === undefined ? HIDE_CURSOR : `${goTo(cursor.row, cursor.column)}${SHOW_CURSOR}`
    if (parts.length === 0 && shown === this.#cursor) return ''
    this.#cursor = shown
    if (parts.length === 0) return shown
    const bytes = `${HIDE_CURSOR}${parts.join('')}${shown}`
    const isOneChange = this.#options.isSynchronized && parts.length > 1
    return isOneChange ? `${BEGIN_SYNCHRONIZED}${bytes}${END_SYNCHRONIZED}` : bytes
  }

  #changes(line: readonly Segment[], y: number): readonly string[] {
    const before = this.#lines[y]
    return line.flatMap(({ x, text }) => {
      const isThere = before?.some((old) => old.x === x && old.text === text) === true
      return isThere && before.length === line.length ? [] : [goTo(y, x) + text]
    })
  }

  #text(row: Row, columns: number, isSelected: boolean): string {
    const key = `${String(columns)} ${String(isSelected)}`
    const known = this.#painted.get(row)
    if (known?.key === key) return known.text
    const text = paintRow(row, { ...this.#options, columns, isSelected })
    this.#painted.set(row, { key, text })
    return text
  }
}

function goTo(row: number, column: number): string {
  return `\u001b[${String(row + 1)};${String(column + 1)}H`
}
