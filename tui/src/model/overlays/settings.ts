import { blankRow, paragraph } from '../../rows/plain-row.js'
import { withChanged } from '../editing.js'
import type { SettingsOverlay } from '../overlay.js'
import { set } from '../setting.js'
import { neighbourValue, SETTING_NAMES, valueOf } from '../settings.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import { movedIndex } from './choices.js'
import { lineRows } from './lines.js'
import type { OverlayPart } from './part.js'

/** Each setting with its value, and below them what the chosen one means. */
export const settingsPart: OverlayPart<SettingsOverlay> = {
  move: (state, overlay, by) => {
    const index = movedIndex(overlay.index, by, SETTING_NAMES.length)
    return step(withChanged(state, overlay, { ...overlay, index }))
  },
  choose: (state, overlay) => changed(state, overlay, 1),
  key: (state, overlay, chord) => {
    if (chord === 'right' || chord === 'space') return changed(state, overlay, 1)
    return chord === 'left' ? changed(state, overlay, -1) : undefined
  },
  hint: (_overlay, { screen }) => screen.settings.hint,
  view: ({ settings, themes }, { index }, { look, height, surface }) => {
    const words = surface.words.screen.settings
    const lines = SETTING_NAMES.map((name) => ({
      left: words.names[name],
      right: words.value(name, valueOf(settings, name)),
    }))
    const chosen = SETTING_NAMES[index]
    const means = chosen === undefined ? [] : paragraph(words.means[chosen], 'dim', look, 2)
    const faults = chosen === 'theme' ? (themes.shown?.faults ?? []) : []
    const wrong = faults.flatMap((fault) => paragraph(fault, 'bad', look, 2))
    // A low screen shows the lines around the chosen one.
    const top = Math.max(0, Math.min(index - Math.floor(height / 2), lines.length - height))
    const shown = lineRows(lines, index, look).slice(top, top + height)
    const rows = [...shown, blankRow(look), ...wrong, ...means]
    return { title: words.title, rows, chosen: index }
  },
}

function changed(state: UiState, { index }: SettingsOverlay, by: -1 | 1): Step {
  const name = SETTING_NAMES[index]
  const done =
    name && set(state, name, neighbourValue(state.settings, name, by, state.themes.names))
  return done ?? step(state)
}
