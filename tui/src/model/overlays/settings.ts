import { blankRow, paragraph } from '../../rows/plain-row.js'
import { withChanged } from '../editing.js'
import { keyWords } from '../key-words.js'
import type { SettingsOverlay } from '../overlay.js'
import { SETTING_NAMES, SETTING_SECTIONS } from '../setting-names.js'
import { settingValue, setNeighbour } from '../setting.js'
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
  view: (state, { index }, { look, height, surface }) => {
    const words = surface.words.screen.settings
    const lines = SETTING_SECTIONS.flatMap(({ section, names }) =>
      names.map((name) => ({
        ...{ left: words.names[name], right: words.value(name, settingValue(state, name)) },
        heading: words.sections[section],
      })),
    )
    const chosen = SETTING_NAMES[index]
    const means =
      chosen === undefined
        ? []
        : paragraph(words.means(keyWords(state, surface))[chosen], 'dim', look, 2)
    const faults = chosen === 'theme' ? (state.themes.shown?.faults ?? []) : []
    const wrong = faults.flatMap((fault) => paragraph(fault, 'bad', look, 2))
    // A low screen shows the lines around the chosen one.
    const all = lineRows(lines, index, look)
    const sections = SETTING_SECTIONS.map(({ names }): readonly unknown[] => names)
    const at = index + 1 + sections.findIndex((names) => names.includes(chosen))
    const top = Math.max(0, Math.min(at - Math.floor(height / 2), all.length - height))
    const shown = all.slice(top, top + height)
    const rows = [...shown, blankRow(look), ...wrong, ...means]
    return { title: words.title, rows, chosen: at - top }
  },
}

function changed(state: UiState, { index }: SettingsOverlay, by: -1 | 1): Step {
  const name = SETTING_NAMES[index]
  return (name && setNeighbour(state, name, by)) ?? step(state)
}
