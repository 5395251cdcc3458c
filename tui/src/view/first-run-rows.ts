import { layout } from '../composer/layout.js'
import type { Composer } from '../composer/composer.js'
import { pageOf, STEPS, type FirstRunPage } from '../model/first-run/page.js'
import type { FirstRun } from '../model/first-run/state.js'
import { isTooSmall } from '../model/first-run/update.js'
import type { Look } from '../rows/look.js'
import { blankRow, paragraph, plainRow, twoSided } from '../rows/plain-row.js'
import type { Row } from '../rows/row.js'
import type { FirstRunWords } from '../words/first-run-words.js'
import type { Drawn } from './panes/pane.js'

/** What is known beside the state. */
export interface FirstRunRoom {
  readonly look: Look
  readonly words: FirstRunWords
  /** Where a private relay would rest. */
  readonly relayFolder: string
}

interface Block {
  readonly rows: readonly Row[]
  /** Those of the highest are the first that are left out where there is no room. */
  readonly spare: number
  readonly cursor?: { readonly row: number; readonly column: number }
}

/** The whole screen of a first run: the step, the reason for it, what can be chosen, what is known. */
export function firstRunRows(state: FirstRun, room: FirstRunRoom): Drawn {
  const { look, words, relayFolder } = room
  if (isTooSmall(state)) return { rows: paragraph(words.tooSmall, 'text', look) }
  const page = pageOf(state, words, relayFolder)
  const title = twoSided(
    [{ text: ` ${words.title}`, role: 'heading' }],
    [{ text: `${words.stepOf(page.number, STEPS)} `, role: 'dim' }],
    look,
  )
  const hint = plainRow([{ text: ` ${page.hint}`, role: 'dim' }], look)
  const height = state.size.rows - 2
  const blocks = fitting(blocksOf(state, page, look), height)
  const rows = [title, ...blocks.flatMap((block) => block.rows)].slice(0, height + 1)
  while (rows.length < height + 1) rows.push(blankRow(look))
  const cursor = cursorIn(blocks)
  return { rows: [...rows, hint], ...(cursor === undefined ? {} : { cursor }) }
}

function blocksOf(state: FirstRun, page: FirstRunPage, look: Look): readonly Block[] {
  const blank: Block = { rows: [blankRow(look)], spare: 3 }
  const field = fieldBlock(state, page, look)
  return [
    blank,
    { rows: paragraph(page.heading, 'name', look), spare: 0 },
    { rows: paragraph(page.why, 'dim', look), spare: 2 },
    blank,
    ...page.choices.flatMap((choice, at): readonly Block[] => {
      const { label, help, isChosen } = choice
      const line = plainRow(
        [
          { text: isChosen ? ' › ' : '   ', role: 'accent' },
          { text: label, role: isChosen ? 'selected' : 'text' },
        ],
        look,
      )
      const own = at === 0 && field !== undefined ? [field] : []
      const about: Block = { rows: paragraph(help, 'dim', look, 5), spare: isChosen ? 1 : 4 }
      return [{ rows: [line], spare: 0 }, about, ...own, blank]
    }),
    ...(page.choices.length === 0 && field !== undefined ? [field, blank] : []),
    ...page.told.map(({ text, role }): Block => ({ rows: paragraph(text, role, look), spare: 0 })),
  ]
}

function fieldBlock(state: FirstRun, page: FirstRunPage, look: Look): Block | undefined {
  const { field } = page
  if (field === undefined) return undefined
  const indent = page.choices.length === 0 ? ' ' : '     '
  const prompt = `${indent}> `
  if (field.isBlind) {
    const asked = `${indent}${field.prompt}`
    const row = plainRow([{ text: asked, role: 'accent' }], look)
    return { rows: [row], spare: 0, cursor: { row: 0, column: asked.length } }
  }
  const { text, column } = lineIn(lineOf(state), look.columns - prompt.length, look)
  const row = plainRow(
    [
      { text: prompt, role: 'accent' },
      { text, role: 'text' },
    ],
    look,
  )
  return { rows: [row], spare: 0, cursor: { row: 0, column: prompt.length + column } }
}

function lineOf({ step, relay, code, username }: FirstRun): Composer {
  if (step === 'relay') return relay.line
  return step === 'code' ? code.line : username.line
}

function lineIn({ draft }: Composer, columns: number, { widths }: Look) {
  const shown = layout(draft, columns, widths.of, { rowsMax: 1 })
  const text = shown.rows[0]?.spans.map((span) => span.text).join('') ?? ''
  return { text, column: shown.cursor.column }
}

/** What can be spared goes first: help of what is not chosen, then empty rows, then reasons. */
function fitting(blocks: readonly Block[], height: number): readonly Block[] {
  let kept = blocks
  for (let spare = 4; spare > 0 && heightOf(kept) > height; spare--)
    kept = kept.filter((block) => block.spare !== spare)
  return kept
}

const heightOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { rows }) => sum + rows.length, 0)

function cursorIn(blocks: readonly Block[]): Drawn['cursor'] | undefined {
  let above = 1 // The title.
  for (const { rows, cursor } of blocks) {
    if (cursor !== undefined) return { ...cursor, row: above + cursor.row }
    above += rows.length
  }
  return undefined
}
