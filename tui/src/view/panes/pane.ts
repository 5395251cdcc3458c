import type { Row } from '../../rows/row.js'
import type { Look } from '../../rows/look.js'
import type { Surface } from '../../model/surface.js'
import type { UiState } from '../../model/state.js'

/** The cells that a pane has, and what it lays its rows out by; `look` has its columns. */
export interface Room {
  readonly look: Look
  readonly height: number
  readonly surface: Surface
}

/** What a pane shows: its rows from the top, the rest is blank. */
export interface Drawn {
  readonly rows: readonly Row[]
  /** Rows that are shown as chosen. */
  readonly selected?: (row: Row) => boolean
  /** In the pane, counted from 0. */
  readonly cursor?: { readonly row: number; readonly column: number }
}

/** One pane of the screen: pure, and quick enough for every key. */
export type Pane = (state: UiState, room: Room) => Drawn
