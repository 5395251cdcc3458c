import { makeWidths, type Probed, type Widths } from '../text/widths.js'
import type { Words } from '../words/words.js'
import type { KeptRows } from './kept-rows.js'
import { UNICODE_SIGNS, type Signs } from './signs.js'

/** What all rows of a screen are laid out by. Make another when one of it changes. */
export interface Look {
  readonly columns: number
  readonly widths: Widths
  readonly words: Words
  readonly signs: Signs
  /** Equal for looks by which everything is laid out alike. */
  readonly key: string
  /** Where rows outside of the timeline are kept from frame to frame; left out: nowhere. */
  readonly kept?: KeptRows
}

export interface LookOptions {
  readonly columns: number
  readonly probed: Probed
  readonly words: Words
  readonly signs?: Signs
  readonly kept?: KeptRows
}

/** Below it nothing can be laid out, and nothing narrower is. */
export const COLUMNS_MIN = 8
/** Less is a narrow screen: texts are indented by one column instead of two. */
const WIDE_COLUMNS = 70

export function makeLook(options: LookOptions): Look {
  const { columns, probed, words, signs = UNICODE_SIGNS, kept } = options
  const widths = makeWidths(probed)
  const width = Math.max(COLUMNS_MIN, Math.floor(columns))
  const key = [width, widths.key, words.locale, signs.key].join(' ')
  return { columns: width, widths, words, signs, key, ...(kept === undefined ? {} : { kept }) }
}

/** How far texts stand in from the names above them. */
export function indentOf({ columns }: Look): number {
  return columns < WIDE_COLUMNS ? 1 : 2
}
