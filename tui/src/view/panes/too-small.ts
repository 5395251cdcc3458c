import { blankRow, plainRow } from '../../rows/plain-row.js'
import { textWidth, wrapLine } from '../../rows/wrap.js'
import type { Pane } from './pane.js'

/** All that a terminal shows in which nothing else has room, in its middle. */
export const tooSmallPane: Pane = (_state, { look, height, surface }) => {
  const widthOf = look.widths.of
  const wrapped = wrapLine([{ text: surface.words.screen.tooSmall, role: 'text' }], {
    ...{ columns: look.columns, widthOf },
  }).slice(0, height)
  const rows = wrapped.map(({ spans }) => {
    const width = spans.reduce((sum, { text }) => sum + textWidth(text, widthOf), 0)
    const indent = ' '.repeat(Math.max(0, Math.floor((look.columns - width) / 2)))
    return plainRow([{ text: indent, role: 'text' }, ...spans], look)
  })
  const above = Math.max(0, Math.floor((height - rows.length) / 2))
  return { rows: [...Array.from({ length: above }, () => blankRow(look)), ...rows] }
}
