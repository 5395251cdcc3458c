import type { SearchObject } from '@sotto/client-core'

import { withoutTop, withTop } from '../editing.js'
import { goToHit } from '../everywhere.js'
import type { PaletteOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step } from '../step.js'
import type { Surface } from '../surface.js'
import { choicesView, movedIndex } from './choices.js'
import { destinations, withRecent, type Destination } from './destinations.js'
import { hitChoice } from './everywhere.js'
import type { OverlayPart } from './part.js'

function found(
  state: UiState,
  { query }: PaletteOverlay,
  surface: Surface,
): readonly Destination[] {
  return destinations(state, query.draft.text.trim(), surface)
}

/** The messages in which it was found stand below what is called so. */
function hitsOf({ hits }: PaletteOverlay): readonly SearchObject[] {
  return hits.state === 'found' ? hits.all : []
}

export const palettePart: OverlayPart<PaletteOverlay> = {
  move: (state, overlay, by, surface) => {
    const count = found(state, overlay, surface).length + hitsOf(overlay).length
    return step(withTop(state, { ...overlay, index: movedIndex(overlay.index, by, count) }))
  },
  choose: (state, overlay, invocation) => {
    const closed = withoutTop(state)
    const { surface } = invocation
    const all = found(closed, overlay, surface)
    const chosen = all[overlay.index]
    if (chosen !== undefined) return chosen.go(withRecent(closed, chosen), invocation)
    const hit = hitsOf(overlay)[overlay.index - all.length]
    return hit === undefined ? step(closed) : goToHit(closed, hit, surface)
  },
  view: (state, overlay, { look, height, surface }) => {
    const { words } = surface
    const { paletteTitle, paletteGroups, nothingFound } = words.screen
    const { nowMs } = state
    const things = found(state, overlay, surface).map((each) => {
      return { ...each, heading: paletteGroups[each.group] }
    })
    const hits = hitsOf(overlay).map((hit) => {
      return { ...hitChoice(hit, { look, words, nowMs }), heading: paletteGroups.messages }
    })
    return choicesView({
      ...{ title: paletteTitle, query: overlay.query, index: overlay.index },
      ...{ choices: [...things, ...hits], empty: nothingFound, look, height },
    })
  },
}
