import { overlayPart } from '../../model/overlays/table.js'
import { dividerSpans } from '../../rows/build-row.js'
import { plainRow } from '../../rows/plain-row.js'
import type { Pane } from './pane.js'

/** Whatever stands over the conversation, under its title. */
export const overlayPane: Pane = (state, { look, height, surface }) => {
  const overlay = state.overlays.at(-1)
  if (overlay === undefined) return { rows: [] }
  const view = overlayPart(overlay).view(state, overlay, { look, height: height - 2, surface })
  const title = plainRow(dividerSpans(view.title, look.signs.line, 'heading', look), look)
  const end = plainRow([{ text: look.signs.line.repeat(look.columns), role: 'border' }], look)
  const rows = [title, ...view.rows.slice(0, height - 2)]
  while (rows.length < height - 1) rows.push(plainRow([], look))
  const { cursor } = view
  return {
    rows: [...rows, end],
    ...(cursor === undefined ? {} : { cursor: { ...cursor, row: cursor.row + 1 } }),
  }
}
