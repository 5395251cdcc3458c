import { safeLines } from '../text/safe-text.js'
import type { Widths } from '../text/widths.js'
import { highlightCode } from './highlight.js'
import { lexInline, type Steps } from './inline.js'
import { BOLD, withText, type Role, type Span } from './row.js'
import type { Signs } from './signs.js'

/** A line as it was written, to be wrapped: what it says, and what goes in front of its rows. */
export interface TextLine {
  readonly kind: 'text' | 'code'
  readonly spans: readonly Span[]
  readonly first: readonly Span[]
  readonly rest: readonly Span[]
}

export interface MarkdownOptions {
  readonly widths: Widths
  readonly signs: Signs
  readonly steps?: Steps
}

/** Deeper ones show as they were written. */
const QUOTE_DEPTH_MAX = 4
const LIST_INDENT_MAX = 8
const QUOTE = /^ {0,3}> ?/
const FENCE = /^ {0,3}(`{3,}|~{3,})(?![`~])([^`]*)$/
const HEADING = /^#{1,6} +(?=\S)/
const ITEM = /^( *)([-*+•]|\d{1,9}[.)]) +(?=\S)/

/**
 * A message as lines: quotes, lists, headings, code between fences, and what `lexInline` knows. Line
 * ends are line ends, for that is what people mean in a chat. The text is made safe and as the
 * terminal can show it here; nothing that it says becomes HTML or a sequence.
 */
export function markdownLines(text: string, options: MarkdownOptions): readonly TextLine[] {
  const quoted = safeLines(text).map(unquote)
  const lines: TextLine[] = []
  for (let begin = 0; begin < quoted.length;) {
    const depth = quoted[begin]?.depth ?? 0
    let end = begin
    while (end < quoted.length && quoted[end]?.depth === depth) end++
    const inner = quoted.slice(begin, end).map((each) => each.text)
    const bars = barsOf(depth, options.signs)
    for (const line of blockLines(inner, depth === 0 ? 'text' : 'quote', options)) {
      lines.push(
        shownLine(
          { ...line, first: [...bars, ...line.first], rest: [...bars, ...line.rest] },
          options,
        ),
      )
    }
    begin = end
  }
  return lines
}

function unquote(line: string): { readonly depth: number; readonly text: string } {
  let depth = 0
  let text = line
  for (; depth < QUOTE_DEPTH_MAX && QUOTE.test(text); depth++) text = text.replace(QUOTE, '')
  return { depth, text }
}

function barsOf(depth: number, { bar }: Signs): readonly Span[] {
  return depth === 0 ? [] : [{ text: `${bar} `.repeat(depth), role: 'quote' }]
}

function blockLines(
  lines: readonly string[],
  role: Role,
  options: MarkdownOptions,
): readonly TextLine[] {
  const blocks: TextLine[] = []
  let paragraph: string[] = []
  const endParagraph = () => {
    if (paragraph.length > 0) blocks.push(...paragraphLines(paragraph, role, options))
    paragraph = []
  }
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const fence = FENCE.exec(line)
    const isSpecial = fence !== null || line.trim() === '' || HEADING.test(line) || ITEM.test(line)
    if (!isSpecial) {
      paragraph.push(line)
      continue
    }
    endParagraph()
    if (fence === null) {
      blocks.push(lineBlock(line, role, options))
      continue
    }
    const end = fenceEnd(lines, at + 1, fence[1] ?? '')
    blocks.push(...codeLines(lines.slice(at + 1, end), languageOf(fence[2] ?? ''), options.signs))
    at = end
  }
  endParagraph()
  return blocks
}

/** A line that stands for itself: empty, a heading, an item of a list. */
function lineBlock(line: string, role: Role, { steps, signs }: MarkdownOptions): TextLine {
  const heading = HEADING.exec(line)
  if (heading !== null) {
    const spans = lexInline(line.slice(heading[0].length), 'heading', steps)
    return plainLine(spans.map((span) => ({ ...span, marks: (span.marks ?? 0) | BOLD })))
  }
  const item = ITEM.exec(line)
  if (item === null) return plainLine([])
  const [whole, indent = '', marker = ''] = item
  const sign = /\d/.test(marker) ? marker : signs.bullet
  const front = `${' '.repeat(Math.min(indent.length, LIST_INDENT_MAX))}${sign} `
  return {
    kind: 'text',
    spans: lexInline(line.slice(whole.length), role, steps),
    first: [{ text: front, role: 'dim' }],
    rest: [{ text: ' '.repeat(front.length), role: 'dim' }],
  }
}

/** Emphasis may go over line ends, not over empty lines. */
function paragraphLines(
  lines: readonly string[],
  role: Role,
  { steps }: MarkdownOptions,
): readonly TextLine[] {
  const split: Span[][] = [[]]
  for (const span of lexInline(lines.join('\n'), role, steps)) {
    for (const [index, text] of span.text.split('\n').entries()) {
      if (index > 0) split.push([])
      if (text !== '') split.at(-1)?.push(withText(span, text))
    }
  }
  return split.map(plainLine)
}

function plainLine(spans: readonly Span[]): TextLine {
  return { kind: 'text', spans, first: [], rest: [] }
}

/** Where a fence ends: at one as long, else with the text. */
function fenceEnd(lines: readonly string[], from: number, fence: string): number {
  for (let at = from; at < lines.length; at++) {
    const closing = FENCE.exec(lines[at] ?? '')
    if (closing?.[1]?.startsWith(fence) === true && closing[2]?.trim() === '') return at
  }
  return lines.length
}

/** The first word behind a fence. */
function languageOf(behind: string): string {
  return /^\s*([\w+#.-]{1,30})(?:\s|$)/.exec(behind)?.[1] ?? ''
}

function codeLines(
  lines: readonly string[],
  language: string,
  { bar }: Signs,
): readonly TextLine[] {
  const front: readonly Span[] = [{ text: `${bar} `, role: 'border' }]
  const code = highlightCode(lines.length === 0 ? [''] : lines, language)
  const named: readonly (readonly Span[])[] =
    language === '' ? code : [[{ text: language, role: 'dim' }], ...code]
  return named.map((spans) => ({ kind: 'code', spans, first: front, rest: front }))
}

function shownLine(line: TextLine, { widths }: MarkdownOptions): TextLine {
  return { ...line, spans: line.spans.map((span) => withText(span, widths.shown(span.text))) }
}
