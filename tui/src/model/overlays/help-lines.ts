import type { HelpArea } from '../../words/help-words.js'
import type { Chord, KeyContext } from '../bindings.js'
import { namedCommands } from '../commands/names.js'
import type { NamedCommand } from '../../words/commands-en.js'
import type { CommandName } from '../command-name.js'
import type { CommandTable } from '../surface.js'
import { bindingsOf, profileBindings } from '../keymap.js'
import { canChange, OWN_CONTEXTS, type OwnContext } from '../own-keys.js'
import type { Settings } from '../settings.js'
import type { UiState } from '../state.js'

/** A command in one place, and the keys that lead to it there now. */
export interface HelpLine {
  readonly area: HelpArea
  readonly name: NamedCommand
  readonly chords: readonly Chord[]
  /** Undefined: its key cannot be changed here. One without a key gets one for anywhere. */
  readonly context: OwnContext | undefined
  /** The person has chosen it. */
  readonly isOwn: boolean
}

/** All of them, by area. A command that has lost its key is still where it had it. */
export function helpLines(
  { settings }: Pick<UiState, 'settings'>,
  commands: CommandTable,
): readonly HelpLine[] {
  const bindings = bindingsOf(settings)
  const profile = profileBindings(settings.keys)
  const names = namedCommands(commands)
  const inContext = (context: KeyContext): readonly NamedCommand[] => {
    const bound = [...Object.values(profile[context]), ...Object.values(bindings[context])]
    return names.filter((name) => bound.includes(name))
  }
  const chordsIn = (context: KeyContext, name: CommandName): readonly Chord[] =>
    Object.entries(bindings[context])
      .filter(([, bound]) => bound === name)
      .map(([chord]) => chord)
  const chosen = OWN_CONTEXTS.flatMap((context) =>
    inContext(context).map((name): HelpLine => {
      const isOwn = isOwnIn(settings, context, name)
      const own = canChange(name) ? context : undefined
      return { area: context, name, chords: chordsIn(context, name), context: own, isOwn }
    }),
  )
  const withKeys = new Set<CommandName>(chosen.map(({ name }) => name))
  const fixed = inContext('overlay')
    .filter((name) => name.startsWith('overlay.'))
    .map((name): HelpLine => {
      const chords = chordsIn('overlay', name)
      return { area: 'overlay', name, chords, context: undefined, isOwn: false }
    })
  const named = names
    .filter((name) => !withKeys.has(name) && commands[name].isPlain !== true)
    .map((name): HelpLine => {
      return { area: 'named', name, chords: [], context: 'anywhere', isOwn: false }
    })
  return [...chosen, ...named, ...fixed]
}

function isOwnIn({ ownKeys }: Settings, context: OwnContext, name: CommandName): boolean {
  return ownKeys.some((own) => own.context === context && own.name === name)
}
