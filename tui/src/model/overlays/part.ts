import type { Row } from '../../rows/row.js'
import type { Look } from '../../rows/look.js'
import type { Words } from '../../words/words.js'
import type { Answer, Refusal } from '../answer.js'
import type { Invocation, Surface } from '../surface.js'
import type { Chord } from '../bindings.js'
import type { UiState } from '../state.js'
import type { Step } from '../step.js'

/** What an overlay shows, and where the cursor is in it. */
export interface OverlayView {
  readonly title: string
  /** Below the title. */
  readonly rows: readonly Row[]
  /** Of `rows`, the one that keys are for: it is kept in sight. */
  readonly chosen?: number
  /** Of `rows`, counted from 0; undefined: there is no cursor. */
  readonly cursor?: { readonly row: number; readonly column: number }
}

/** How one kind of overlay behaves. Its state is in the overlay itself. */
export interface OverlayPart<Kind> {
  /** There is nothing to choose in it: up and down are for what does not fit. */
  readonly isText?: true
  /** Up or down by lines. */
  readonly move: (state: UiState, overlay: Kind, by: number, surface: Surface) => Step
  /** Enter. */
  readonly choose: (state: UiState, overlay: Kind, invocation: Invocation) => Step
  /** A key of its own, before what the key map says; undefined: it has none there. */
  readonly key?: (
    state: UiState,
    overlay: Kind,
    chord: Chord,
    invocation: Invocation,
  ) => Step | undefined
  /** What is typed in it, before it stands in its line; undefined: it is a text like any other. */
  readonly text?: (
    state: UiState,
    overlay: Kind,
    typed: string,
    surface: Surface,
  ) => Step | undefined
  /** What it asked for; undefined: that was not asked by it. It may not be the topmost one any more. */
  readonly answer?: (
    state: UiState,
    overlay: Kind,
    answer: Answer,
    surface: Surface,
  ) => Step | undefined
  readonly refused?: (
    state: UiState,
    overlay: Kind,
    refusal: Refusal,
    surface: Surface,
  ) => Step | undefined
  /** What its keys do, in one line; left out: what those of every list do. */
  readonly hint?: (overlay: Kind, words: Words) => string
  /** Laid out for the columns of the look; what is more than `height` rows is scrolled. */
  readonly view: (
    state: UiState,
    overlay: Kind,
    room: { readonly look: Look; readonly height: number; readonly surface: Surface },
  ) => OverlayView
}
