import { clipSpans, justify } from './build-row.js'
import type { Look } from './look.js'
import type { Row, Span } from './row.js'
import { spansWidth, wrapLine } from './wrap.js'
import { safeLine } from '../text/safe-text.js'

/** A row outside of the timeline: safe to print, as the terminal can show it, and never too wide. */
export function plainRow(spans: readonly Span[], look: Look): Row {
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

/** What stands right is kept whole where it can be; what stands left is clipped for it. */
export function twoSided(left: readonly Span[], right: readonly Span[], look: Look): Row {
  if (right.length === 0) return plainRow(left, look)
  const safeRight = clipSpans(
    right.map((span) => shown(span, look)),
    look.columns,
    look,
  )
  const room = look.columns - spansWidth(safeRight, look.widths.of) - 2
  if (room < 1) return plainRow(left, look)
  const fitting = clipSpans(
    left.map((span) => shown(span, look)),
    room,
    look,
  )
  return plainRow(justify(fitting, safeRight, look) ?? fitting, look)
}

/** A text over as many rows as it takes, broken between words, each row behind as many blanks. */
export function paragraph(
  text: string,
  role: Span['role'],
  look: Look,
  indent = 1,
): readonly Row[] {
  const front: readonly Span[] = [{ text: ' '.repeat(indent), role: 'text' }]
  return wrapLine([shown({ text, role }, look)], {
    ...{ columns: look.columns, widthOf: look.widths.of, first: front, rest: front },
  }).map(({ spans, width }) => ({ kind: 'text', spans, width, anchor: undefined }))
}

export const blankRow = (look: Look): Row => plainRow([], look)

function shown(span: Span, look: Look): Span {
  return { ...span, text: look.widths.shown(safeLine(span.text)) }
}
