import { plainRow } from '../../rows/plain-row.js'
import type { Pane } from './pane.js'

/** Between the list and the conversation. */
export const edgePane: Pane = (_state, { look, height }) => ({
  rows: Array.from({ length: height }, () => plainRow([{ text: '│', role: 'border' }], look)),
})
