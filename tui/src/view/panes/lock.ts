import { blankRow, paragraph, plainRow } from '../../rows/plain-row.js'
import type { Row } from '../../rows/row.js'
import type { Pane } from './pane.js'

/** Nothing of what is behind it: that it is locked, what that protects, and how it opens again. */
export const lockPane: Pane = ({ lock }, { look, height, surface }) => {
  if (lock === undefined) return { rows: [] }
  const words = surface.words.screen.lock
  const told: readonly Row[] =
    lock.refusal === undefined ? [] : paragraph(`${lock.refusal}.`, 'bad', look, 2)
  const rows = [
    blankRow(look),
    plainRow([{ text: `  ${words.title}`, role: 'heading' }], look),
    blankRow(look),
    ...(lock.under === undefined ? [] : paragraph(words.protects[lock.under], 'dim', look, 2)),
    blankRow(look),
    ...(lock.came === 0 ? [] : paragraph(words.came(lock.came), 'badge', look, 2)),
    ...told,
  ]
  const prompt =
    lock.state === 'closed' ? words.opens[lock.under ?? 'key'] : words.states[lock.state]
  const shown = [
    ...rows.slice(0, height - 1),
    plainRow([{ text: `  ${prompt}`, role: 'accent' }], look),
  ]
  const isAsking = lock.state === 'closed' && lock.under === 'passphrase'
  const column = Math.min(look.columns - 1, 3 + Array.from(prompt).length)
  return { rows: shown, ...(isAsking ? { cursor: { row: shown.length - 1, column } } : {}) }
}
