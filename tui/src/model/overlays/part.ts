import type { Row } from '../../rows/row.js'
import type { Look } from '../../rows/look.js'
import type { Invocation } from '../commands/command.js'
import type { UiState } from '../state.js'
import type { Step } from '../step.js'
import type { Surface } from '../surface.js'

/** What an overlay shows, and where the cursor is in it. */
export interface OverlayView {
  readonly title: string
  /** Below the title. */
  readonly rows: readonly Row[]
  /** Of `rows`, counted from 0; undefined: there is no cursor. */
  readonly cursor?: { readonly row: number; readonly column: number }
}

/** How one kind of overlay behaves. Its state is in the overlay itself. */
export interface OverlayPart<Kind> {
  /** Up or down by lines. */
  readonly move: (state: UiState, overlay: Kind, by: number, surface: Surface) => Step
  /** Enter. */
  readonly choose: (state: UiState, overlay: Kind, invocation: Invocation) => Step
  /** At most `height` rows, laid out for the columns of the look. */
  readonly view: (
    state: UiState,
    overlay: Kind,
    room: { readonly look: Look; readonly height: number; readonly surface: Surface },
  ) => OverlayView
}
