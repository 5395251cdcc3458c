import { graphemesOf, isPlain } from '../text/graphemes.js'
import { safeLine } from '../text/safe-text.js'
import type { WidthOf } from '../text/widths.js'
import type { Row, Span } from './row.js'
import type { Theme } from './theme.js'

export interface PaintOptions {
  readonly theme: Theme
  readonly widthOf: WidthOf
  /** The row is made exactly so wide: clipped between characters, or filled with blanks. */
  readonly columns: number
  /** Whether links are told to the terminal (OSC 8). */
  readonly links: boolean
  /** Whether the row is the chosen one: it is shown inverse. */
  readonly isSelected?: boolean
}

const RESET = '\u001b[0m'
const LINK_END = '\u001b]8;;\u001b\\'
/** Longer ones are cut off by terminals, and would lead elsewhere. */
const LINK_LENGTH_MAX = 2_000

/**
 * A row as bytes for the terminal, without a line end. Nothing is in it but text, SGR and OSC 8 of
 * our own, whatever the spans hold: their text is made safe once more here, and a link that is not
 * `http:`, `https:` or `mailto:` in plain ASCII is left out. It begins and ends with no attribute set.
 */
export function paintRow(row: Row, options: PaintOptions): string {
  const parts: string[] = []
  let left = options.columns
  let isWhole = true
  for (const span of row.spans) {
    if (!isWhole) break
    const clipped = clip(safeLine(span.text), left, options.widthOf)
    left -= clipped.width
    isWhole = clipped.isWhole
    if (clipped.text !== '') parts.push(paintSpan(span, clipped.text, options))
  }
  if (left > 0) parts.push(styled(' '.repeat(left), '', options))
  return parts.join('')
}

interface Clipped {
  readonly text: string
  readonly width: number
  readonly isWhole: boolean
}

/** As many characters as fit; one that would stand half outside is left out. */
function clip(text: string, columns: number, widthOf: WidthOf): Clipped {
  if (isPlain(text)) {
    const width = Math.min(text.length, columns)
    return { text: text.slice(0, width), width, isWhole: width === text.length }
  }
  let width = 0
  let length = 0
  for (const grapheme of graphemesOf(text)) {
    const wider = width + widthOf(grapheme)
    if (wider > columns) return { text: text.slice(0, length), width, isWhole: false }
    width = wider
    length += grapheme.length
  }
  return { text, width, isWhole: true }
}

function paintSpan(span: Span, text: string, options: PaintOptions): string {
  const painted = styled(text, options.theme(span.role, span.marks ?? 0), options)
  if (!options.links || span.link === undefined || !isSafeLink(span.link)) return painted
  // The same id on every row: a terminal then shows a link that was broken as one.
  return `\u001b]8;id=${idOf(span.link)};${span.link}\u001b\\${painted}${LINK_END}`
}

function styled(text: string, parameters: string, { isSelected }: PaintOptions): string {
  const all = isSelected === true ? ['7', ...(parameters === '' ? [] : [parameters])] : [parameters]
  const joined = all.join(';')
  return joined === '' ? text : `\u001b[${joined}m${text}${RESET}`
}

function isSafeLink(link: string): boolean {
  return link.length <= LINK_LENGTH_MAX && /^(?:https?|mailto):[\u0021-\u007e]+$/.test(link)
}

/** FNV-1a, 32 bit: only to tell links apart. */
function idOf(link: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < link.length; at++) {
    hash = Math.imul(hash ^ link.charCodeAt(at), 0x01000193)
  }
  return (hash >>> 0).toString(36)
}
