import type { Composer } from '../composer/composer.js'
import { openComposer } from '../composer/composer.js'
import type { Asked } from './answer.js'
import type { Call } from './effect.js'

/**
 * What stands over the conversation and has the keys until it is closed. Each kind has a module in
 * `overlays/`, and a row in its table.
 */
export type Overlay = PaletteOverlay | HelpOverlay | ConfirmOverlay

interface WithQuery {
  /** One line. */
  readonly query: Composer
  /** The line of the list that is chosen. */
  readonly index: number
}

export interface PaletteOverlay extends WithQuery {
  readonly kind: 'palette'
}

export interface HelpOverlay {
  readonly kind: 'help'
  /** The first line that is seen. */
  readonly top: number
}

/** Asks once more before something is done that is not easily taken back. */
export interface ConfirmOverlay {
  readonly kind: 'confirm'
  readonly title: string
  /** What it comes to. */
  readonly lines: readonly string[]
  readonly call: Call
  /** What is said when it is done. */
  readonly done: string
  readonly asked: Asked
}

/** What may be typed into an overlay. */
const QUERY_BYTES_MAX = 1_024

export const emptyQuery = (): Composer => openComposer({ bytesMax: QUERY_BYTES_MAX })
