import type { Composer } from '../composer/composer.js'
import { openComposer } from '../composer/composer.js'

/**
 * What stands over the conversation and has the keys until it is closed. Each kind has a module in
 * `overlays/`, and a row in its table.
 */
export type Overlay = PaletteOverlay | HelpOverlay

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

/** What may be typed into an overlay. */
const QUERY_BYTES_MAX = 1_024

export const emptyQuery = (): Composer => openComposer({ bytesMax: QUERY_BYTES_MAX })
