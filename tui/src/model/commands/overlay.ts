import { overlayPart } from '../overlays/table.js'
import { scrolled } from '../overlays/scrolling.js'
import { withoutTop, withTop } from '../editing.js'
import { step } from '../step.js'
import type { Command, Invocation } from '../surface.js'
import type { UiState } from '../state.js'

/** A page of an overlay's list. */
const PAGE_LINES = 10

/** Lines of a list; rows where there is no list, and by pages where one is higher than the screen. */
function moved(by: number): Command {
  return {
    run: (state, { surface }) => {
      const overlay = state.overlays.at(-1)
      if (overlay === undefined) return step(state)
      const part = overlayPart(overlay)
      const isPage = Math.abs(by) > 1
      const further =
        part.isText === true || isPage ? scrolled(state, overlay, { by, surface }) : undefined
      if (further !== undefined) return step(further)
      const { top: _top, ...followed } = overlay
      return part.move(withTop(state, followed), followed, by, surface)
    },
    isPlain: true,
  }
}

function choose(state: UiState, invocation: Invocation) {
  const overlay = state.overlays.at(-1)
  return overlay === undefined
    ? step(state)
    : overlayPart(overlay).choose(state, overlay, invocation)
}

export const overlayCommands = {
  'overlay.up': moved(-1),
  'overlay.down': moved(1),
  'overlay.page-up': moved(-PAGE_LINES),
  'overlay.page-down': moved(PAGE_LINES),
  'overlay.choose': { run: choose, isPlain: true },
  'overlay.close': { run: (state) => step(withoutTop(state)), isPlain: true },
} satisfies Record<string, Command>
