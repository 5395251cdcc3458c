import type { Look } from './look.js'
import type { Anchor, Row, RowKind, Span, Target } from './row.js'
import { clipText, spansWidth } from './wrap.js'

/** Between what stands left and what stands right on a row. */
const GAP = 2

interface RowParts {
  readonly kind: RowKind
  readonly spans: readonly Span[]
  readonly anchor: Anchor
  readonly target?: Target | undefined
}

/** A row of spans that fit; see `clipSpans`. */
export function buildRow({ kind, spans, anchor, target }: RowParts, look: Look): Row {
  const width = spansWidth(spans, look.widths.of)
  return { kind, spans, width, anchor, ...(target === undefined ? {} : { target }) }
}

/** As much of the spans as fits, the last with a sign that there was more. */
export function clipSpans(spans: readonly Span[], columns: number, look: Look): readonly Span[] {
  const clipped: Span[] = []
  let left = columns
  for (const span of spans) {
    const text = clipText(span.text, left, look.widths.of, look.signs.more)
    if (text !== '') clipped.push({ ...span, text })
    if (text !== span.text) break
    left -= spansWidth([span], look.widths.of)
  }
  return clipped
}

/** Left and right on one row of all columns; undefined where they do not fit beside each other. */
export function justify(
  left: readonly Span[],
  right: readonly Span[],
  look: Look,
): readonly Span[] | undefined {
  const blank = look.columns - spansWidth(left, look.widths.of) - spansWidth(right, look.widths.of)
  if (blank < GAP) return undefined
  return [...left, { text: ' '.repeat(blank), role: 'text' }, ...right]
}

/** `──── Today ────`, over all columns. */
export function dividerSpans(
  label: string,
  sign: string,
  role: Span['role'],
  look: Look,
): readonly Span[] {
  const text = clipText(` ${label} `, look.columns, look.widths.of, look.signs.more)
  const blank = look.columns - spansWidth([{ text, role }], look.widths.of)
  const before = Math.floor(blank / 2)
  return [{ text: `${sign.repeat(before)}${text}${sign.repeat(blank - before)}`, role }]
}
