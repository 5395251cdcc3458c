import { safeLine } from '../text/safe-text.js'
import type { Row, Span } from './row.js'

/** A row of a message with what was looked for marked in it, in capitals or not. */
export function markRow(row: Row, wanted: string): Row {
  if (wanted === '' || (row.kind !== 'text' && row.kind !== 'code')) return row
  const pattern = new RegExp(escaped(safeLine(wanted)), 'giu')
  const spans = row.spans.flatMap((span) => marked(span, pattern))
  return spans.length === row.spans.length && spans.every((span, at) => span === row.spans[at])
    ? row
    : { ...row, spans }
}

function marked(span: Span, pattern: RegExp): readonly Span[] {
  const spans: Span[] = []
  let from = 0
  for (const { 0: text, index } of span.text.matchAll(pattern)) {
    if (index > from) spans.push({ ...span, text: span.text.slice(from, index) })
    spans.push({ ...span, text, role: 'match' })
    from = index + text.length
  }
  if (from === 0) return [span]
  return from < span.text.length ? [...spans, { ...span, text: span.text.slice(from) }] : spans
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`).replace(/\\-/g, '-')
}
