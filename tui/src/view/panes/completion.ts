import { popupOf } from '../../model/completing.js'
import { plainRow } from '../../rows/plain-row.js'
import type { Row } from '../../rows/row.js'
import type { Pane } from './pane.js'

/** What may be meant by what is being typed, the chosen one in sight. */
export const completionPane: Pane = (state, { look, height }) => {
  const popup = popupOf(state)
  if (popup === undefined) return { rows: [] }
  const { choices, index } = popup
  const top = Math.max(0, Math.min(index - height + 1, choices.length - height))
  const rows = choices.slice(top, top + height).map(({ label, detail }, at): Row => {
    const isChosen = top + at === index
    return plainRow(
      [
        { text: isChosen ? '› ' : '  ', role: 'accent' },
        { text: label, role: isChosen ? 'selected' : 'text' },
        { text: `  ${detail}`, role: 'dim' },
      ],
      look,
    )
  })
  return { rows }
}
