import { safeLine } from '../text/safe-text.js'
import { graphemesOf, pieceAround } from './boundaries.js'
import { chipLabel } from './chips.js'
import type { Fragment, Range } from './fragment.js'

/** How many columns a grapheme takes on this terminal: 0, 1 or 2. */
export type WidthOf = (grapheme: string) => number

/** What is shown as one: a grapheme, a chip, the end of a line. The cursor stands only between two. */
export interface Atom extends Range {
  readonly kind: 'text' | 'chip' | 'control' | 'line-end'
  /** Safe to print; for a line end nothing. */
  readonly shown: string
}

/** A tab moves a terminal's cursor by nobody knows how much. */
const TAB = '    '
const MORE = '…'

/** The atoms from one boundary on, up to another. */
export function* atomsOf(fragment: Fragment, { start, end }: Range): Iterable<Atom> {
  const { text, chips } = fragment
  let at = start
  while (at < end) {
    const chip = chips.find((each) => each.start === at)
    if (chip !== undefined) {
      yield { kind: 'chip', start: at, end: chip.end, shown: chipLabel(fragment, chip) }
      at = chip.end
    } else if (text[at] === '\n') {
      yield { kind: 'line-end', start: at, end: at + 1, shown: '' }
      at += 1
    } else {
      const piece = text.slice(at, Math.min(end, pieceAround(fragment, at).end))
      for (const grapheme of graphemesOf(piece)) {
        yield textAtom(grapheme, at)
        at += grapheme.length
      }
    }
  }
}

/** How many columns an atom takes where there are `columns`. */
export function atomWidth(atom: Atom, columns: number, widthOf: WidthOf): number {
  return Math.min(shownWidth(atom, widthOf), columns)
}

/** What is printed for an atom where there are `columns`. */
export function atomShown(atom: Atom, columns: number, widthOf: WidthOf): string {
  if (shownWidth(atom, widthOf) <= columns) return atom.shown
  let room = columns - 1
  let kept = ''
  for (const grapheme of graphemesOf(atom.shown)) {
    room -= columnsOf(grapheme, widthOf)
    if (room < 0) break
    kept += grapheme
  }
  return kept + MORE.repeat(columns > 0 ? 1 : 0)
}

function textAtom(grapheme: string, start: number): Atom {
  const end = start + grapheme.length
  if (isAscii(grapheme)) return { kind: 'text', start, end, shown: grapheme }
  const shown = grapheme === '\t' ? TAB : safeLine(grapheme)
  return { kind: shown === grapheme ? 'text' : 'control', start, end, shown }
}

function shownWidth({ kind, shown }: Atom, widthOf: WidthOf): number {
  if (kind === 'text') return columnsOf(shown, widthOf)
  let width = 0
  for (const grapheme of graphemesOf(shown)) width += columnsOf(grapheme, widthOf)
  return width
}

function columnsOf(grapheme: string, widthOf: WidthOf): number {
  return isAscii(grapheme) ? 1 : widthOf(grapheme)
}

function isAscii(grapheme: string): boolean {
  const code = grapheme.charCodeAt(0)
  return grapheme.length === 1 && code >= 0x20 && code < 0x7f
}
