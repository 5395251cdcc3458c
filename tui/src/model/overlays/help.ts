import type { Row } from '../../rows/row.js'
import { twoSided } from '../../rows/plain-row.js'
import { namedCommands } from '../commands/names.js'
import { withoutTop, withTop } from '../editing.js'
import { bindingsOf, chordsOf } from '../keymap.js'
import type { HelpOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step } from '../step.js'
import type { Surface } from '../surface.js'
import type { Look } from '../../rows/look.js'
import type { OverlayPart } from './part.js'

/** Every command with the keys that lead to it now. */
function lines(state: UiState, look: Look, { words, commands }: Surface): readonly Row[] {
  const bindings = bindingsOf(state.settings)
  return namedCommands(commands)
    .filter((name) => commands[name].isPlain !== true)
    .map((name) => {
      const { slash } = commands[name]
      const keys = chordsOf(bindings, name).slice(0, 2).map(words.screen.chord)
      const all = [...keys, ...(slash === undefined ? [] : [`/${slash}`])].join('  ')
      const text = words.screen.commands[name]
      return twoSided(
        [{ text: ` ${text}`, role: 'text' }],
        [{ text: `${all} `, role: 'accent' }],
        look,
      )
    })
}

export const helpPart: OverlayPart<HelpOverlay> = {
  move: (state, overlay, by, surface) => {
    const last = namedCommands(surface.commands).length - 1
    return step(withTop(state, { ...overlay, top: Math.max(0, Math.min(last, overlay.top + by)) }))
  },
  choose: (state) => step(withoutTop(state)),
  view: (state, { top }, { look, height, surface }) => {
    const all = lines(state, look, surface)
    const first = Math.min(top, Math.max(0, all.length - height))
    return { title: surface.words.screen.helpTitle, rows: all.slice(first, first + height) }
  },
}
