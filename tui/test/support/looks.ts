import { STANDARD, type Probed } from '../../src/text/widths.js'
import { makeLook, type Look } from '../../src/rows/look.js'
import type { Row } from '../../src/rows/row.js'
import type { Signs } from '../../src/rows/signs.js'
import { ENGLISH } from '../../src/words/en.js'

process.env['TZ'] = 'Europe/Paris'

interface LookOptions {
  readonly columns?: number
  readonly probed?: Probed
  readonly signs?: Signs
}

export function look({ columns = 80, probed = STANDARD, ...signs }: LookOptions = {}): Look {
  return makeLook({ columns, probed, words: ENGLISH, ...signs })
}

export function textOf({ spans }: Pick<Row, 'spans'>): string {
  return spans.map(({ text }) => text).join('')
}
