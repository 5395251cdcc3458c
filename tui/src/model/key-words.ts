import type { KeyOf } from '../words/key-of.js'
import { bindingsOf, chordsOf } from './keymap.js'
import { keyFor } from './own-keys.js'
import type { UiState } from './state.js'
import type { Surface } from './surface.js'

/** The keys as they are now, those of the profile or somebody's own, as they are told to who writes. */
export function keyWords(
  { settings }: Pick<UiState, 'settings'>,
  { words: { screen }, commands }: Pick<Surface, 'words' | 'commands'>,
): KeyOf {
  const bindings = bindingsOf(settings)
  return (name) => {
    const chord = keyFor(bindings, 'composer', name) ?? chordsOf(bindings, name)[0]
    if (chord !== undefined) return screen.chord(chord)
    const { slash } = commands[name]
    return slash === undefined ? screen.commands[name] : `/${slash}`
  }
}
