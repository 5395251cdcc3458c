import { bytesOf } from '../../composer/composer.js'
import { contextOf } from '../../model/keymap.js'
import { overlayPart } from '../../model/overlays/table.js'
import { openChat } from '../../model/state.js'
import { twoSided } from '../../rows/plain-row.js'
import type { Span } from '../../rows/row.js'
import type { Pane } from './pane.js'
import { toastRow } from './toast.js'

/** A draft longer than this share of what fits says how long it is. */
const LENGTH_SHOWN_SHARE = 0.5

/** What the keys do here; where no notice is seen, what just happened. */
export const statusPane: Pane = (state, { look, surface }) => {
  const { screen } = surface.words
  const isNoticeSeen = state.panes.notice !== undefined && state.overlays.length === 0
  const toast = isNoticeSeen ? undefined : toastRow(state, look)
  if (toast !== undefined) return { rows: [toast] }
  const context = contextOf(state)
  const overlay = state.overlays.at(-1)
  const own = overlay && overlayPart(overlay).hint?.(overlay, surface.words)
  const hint = own ?? (context === 'anywhere' ? '' : screen.hints[context])
  const composer = openChat(state)?.composer
  const bytes = composer === undefined ? 0 : bytesOf(composer)
  const max = composer?.bytesMax ?? 0
  const right: readonly Span[] =
    bytes > max * LENGTH_SHOWN_SHARE
      ? [{ text: `${String(bytes)}/${String(max)} `, role: bytes >= max ? 'bad' : 'dim' }]
      : []
  return { rows: [twoSided([{ text: ` ${hint}`, role: 'dim' }], right, look)] }
}
