import { layout } from '../../composer/layout.js'
import type { Composer } from '../../composer/composer.js'
import type { Look } from '../../rows/look.js'
import type { Row, Span } from '../../rows/row.js'
import { plainRow, twoSided } from '../../rows/plain-row.js'
import { PROMPT } from '../frame.js'
import type { OverlayView } from './part.js'

/** One line of a list that can be chosen from. */
export interface Choice {
  readonly left: readonly Span[]
  readonly right?: readonly Span[]
  /** Of it and those that follow, until another one has another. */
  readonly heading?: string
}

/** Of so many lines the one that is `by` further, without leaving the list. */
export function movedIndex(index: number, by: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index + by))
}

type Line = { readonly heading: string } | { readonly choice: Choice; readonly at: number }

/** The line that is typed in, and below it the choices around the chosen one. */
export function choicesView({
  title,
  query,
  choices,
  index,
  empty,
  look,
  height,
}: {
  readonly title: string
  readonly query: Composer
  readonly choices: readonly Choice[]
  readonly index: number
  /** What is said where there is none. */
  readonly empty: string
  readonly look: Look
  readonly height: number
}): OverlayView {
  const typed = layout(query.draft, look.columns - PROMPT.length, look.widths.of, { rowsMax: 1 })
  const text = typed.rows[0]?.spans.map((span) => span.text).join('') ?? ''
  const prompt: Row = plainRow(
    [
      { text: PROMPT, role: 'accent' },
      { text, role: 'text' },
    ],
    look,
  )
  const room = Math.max(1, height - 1)
  const all = choices.flatMap((choice, at): readonly Line[] => {
    const { heading } = choice
    const isNew = heading !== undefined && heading !== choices[at - 1]?.heading
    return [...(isNew ? [{ heading }] : []), { choice, at }]
  })
  const chosen = all.findIndex((line) => 'at' in line && line.at === index)
  const top = Math.max(0, Math.min(chosen - Math.floor(room / 2), all.length - room))
  const lines = all.slice(top, top + room).map((line): Row => {
    if ('heading' in line) return plainRow([{ text: ` ${line.heading}`, role: 'heading' }], look)
    const { choice, at } = line
    const mark: Span = { text: at === index ? '› ' : '  ', role: 'accent' }
    const left = choice.left.map((span) =>
      at === index ? { ...span, role: 'selected' as const } : span,
    )
    return twoSided([mark, ...left], choice.right ?? [], look)
  })
  const none = plainRow([{ text: `  ${empty}`, role: 'dim' }], look)
  return {
    title,
    rows: [prompt, ...(lines.length === 0 ? [none] : lines)],
    cursor: { row: 0, column: PROMPT.length + typed.cursor.column },
  }
}
