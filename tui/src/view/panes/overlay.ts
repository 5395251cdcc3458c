import { BORDERS, fittingView } from '../../model/overlays/scrolling.js'
import { dividerSpans } from '../../rows/build-row.js'
import { plainRow } from '../../rows/plain-row.js'
import type { Pane } from './pane.js'

/** Whatever stands over the conversation, under its title. */
export const overlayPane: Pane = (state, { look, height, surface }) => {
  const overlay = state.overlays.at(-1)
  if (overlay === undefined) return { rows: [] }
  const view = fittingView(state, overlay, { look, height: height - BORDERS, surface })
  const title = plainRow(dividerSpans(view.title, look.signs.line, 'heading', look), look)
  const more =
    view.below > 0
      ? dividerSpans(surface.words.screen.moreRows(view.below), look.signs.line, 'accent', look)
      : [{ text: look.signs.line.repeat(look.columns), role: 'border' as const }]
  const end = plainRow(more, look)
  const rows = [title, ...view.rows]
  while (rows.length < height - 1) rows.push(plainRow([], look))
  const { cursor } = view
  return {
    rows: [...rows, end],
    ...(cursor === undefined ? {} : { cursor: { ...cursor, row: cursor.row + 1 } }),
  }
}
