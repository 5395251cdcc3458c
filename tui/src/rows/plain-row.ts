import { clipSpans, justify } from './build-row.js'
import type { Look } from './look.js'
import type { Row, Span } from './row.js'
import { spansWidth, wrapLine } from './wrap.js'
import { safeLine } from '../text/safe-text.js'

/** A row outside of the timeline: safe to print, as the terminal can show it, and never too wide. */
export function plainRow(spans: readonly Span[], look: Look): Row {
  return kept(spans, look, () => fittingRow(spans, look))
}

/** What stands right is kept whole where it can be; what stands left is clipped for it. */
export function twoSided(left: readonly Span[], right: readonly Span[], look: Look): Row {
  if (right.length === 0) return plainRow(left, look)
  return kept([left, right], look, () => justifiedRow(left, right, look))
}

/** A text over as many rows as it takes, broken between words, each row behind as many blanks. */
export function paragraph(
  text: string,
  role: Span['role'],
  look: Look,
  indent = 1,
): readonly Row[] {
  const make = () => brokenRows(text, role, look, indent)
  return look.kept?.rows(keyOf([text, role, indent], look), make) ?? make()
}

export const blankRow = (look: Look): Row => plainRow([], look)

function kept(made: unknown, look: Look, make: () => Row): Row {
  const [row] = look.kept?.rows(keyOf(made, look), () => [make()]) ?? []
  return row ?? make()
}

/** No text can be taken for the spans of another row: JSON is unambiguous. */
function keyOf(made: unknown, { key }: Look): string {
  return `${key} ${JSON.stringify(made)}`
}

function fittingRow(spans: readonly Span[], look: Look): Row {
  const fitting = clipSpans(
    spans.map((span) => shown(span, look)),
    look.columns,
    look,
  )
  return {
    ...{ kind: 'text', spans: fitting, anchor: undefined },
    width: spansWidth(fitting, look.widths.of),
  }
}

function justifiedRow(left: readonly Span[], right: readonly Span[], look: Look): Row {
  const safeRight = clipSpans(
    right.map((span) => shown(span, look)),
    look.columns,
    look,
  )
  const room = look.columns - spansWidth(safeRight, look.widths.of) - 2
  if (room < 1) return fittingRow(left, look)
  const fitting = clipSpans(
    left.map((span) => shown(span, look)),
    room,
    look,
  )
  return fittingRow(justify(fitting, safeRight, look) ?? fitting, look)
}

function brokenRows(text: string, role: Span['role'], look: Look, indent: number): readonly Row[] {
  const front: readonly Span[] = [{ text: ' '.repeat(indent), role: 'text' }]
  return wrapLine([shown({ text, role }, look)], {
    ...{ columns: look.columns, widthOf: look.widths.of, first: front, rest: front },
  }).map(({ spans, width }) => ({ kind: 'text', spans, width, anchor: undefined }))
}

function shown(span: Span, look: Look): Span {
  return { ...span, text: look.widths.shown(safeLine(span.text)) }
}
