import { overlayPart } from '../overlays/table.js'
import { withoutTop } from '../editing.js'
import { step } from '../step.js'
import type { Command, Invocation } from '../surface.js'
import type { UiState } from '../state.js'

/** A page of an overlay's list. */
const PAGE_LINES = 10

function moved(by: number): Command {
  return {
    run: (state, invocation) => {
      const overlay = state.overlays.at(-1)
      return overlay === undefined
        ? step(state)
        : overlayPart(overlay).move(state, overlay, by, invocation.surface)
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
