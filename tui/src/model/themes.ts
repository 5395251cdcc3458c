import { COLOR_NAMES, type ColorDepth } from '../rows/colors.js'
import { COLORED_ROLES, type ThemeOptions } from '../rows/theme.js'
import { parseTheme, type ThemeFault, type ThemeFile, type UserTheme } from '../rows/user-theme.js'
import { keyWords } from './key-words.js'
import { isOwnTheme } from './settings.js'
import type { UiState } from './state.js'
import { step, type Step } from './step.js'
import type { Surface } from './surface.js'
import { toast } from './toasts.js'

const NOTHING: UserTheme = { background: undefined, colors: new Map() }
const UNREAD = { theme: NOTHING, faults: [] }

/** The theme that is set is read anew, each time that it is chosen. */
export function askTheme(state: UiState): Step {
  const { theme } = state.settings
  if (isOwnTheme(theme)) return step(state, { kind: 'load-theme', name: theme })
  const { themes } = state
  return step(
    themes.shown === undefined ? state : { ...state, themes: { ...themes, shown: undefined } },
  )
}

/** What of it can be used holds; what cannot is told, and is as it would be without. */
export function withTheme(
  state: UiState,
  { name, file }: { readonly name: string; readonly file: ThemeFile },
  surface: Surface,
): UiState {
  if (state.settings.theme !== name) return state
  const { theme, faults } = file.state === 'read' ? parseTheme(file.entries) : UNREAD
  const said =
    file.state === 'read'
      ? faults.map((fault) => `${placeOf(fault.line)}: ${faultOf(fault, surface)}`)
      : [`${placeOf(file.line)}: ${surface.words.screen.settings.themeUnread(file.reason)}`]
  const shown = { name, theme, faults: said.map((fault) => file.path + fault) }
  const next = { ...state, themes: { ...state.themes, shown } }
  const [first] = said
  if (first === undefined) return next
  // The folder is the same for all, and a line has little room.
  const short = `${name}.toml${first}`
  return toast(
    next,
    surface.words.screen.settings.themeFaults(short, said.length, keyWords(next, surface)),
    'bad',
  )
}

/** By what is set, what a theme of one's own says, and what the terminal said of itself, in this order. */
export function themeOptions(
  { settings, themes, capabilities }: Pick<UiState, 'settings' | 'themes' | 'capabilities'>,
  depth: ColorDepth,
): ThemeOptions {
  const { theme, colors } = settings
  const own = themes.shown?.name === theme ? themes.shown.theme : NOTHING
  const said = own.background ?? capabilities.background ?? 'dark'
  return {
    // Nobody who wants no colours gets them by a setting.
    depth: colors === 'auto' || depth === 'none' ? depth : colors,
    background: theme === 'dark' || theme === 'light' ? theme : said,
    colors: own.colors,
  }
}

function faultOf({ why, key }: ThemeFault, { words }: Surface): string {
  const { settings } = words.screen
  switch (why) {
    case 'role':
      return settings.noSuchRole(key, COLORED_ROLES.join(' '))
    case 'color':
      return settings.noSuchColor(key, COLOR_NAMES.join(' '))
    case 'background':
      return settings.noSuchBackground
  }
}

function placeOf(line: number | undefined): string {
  return line === undefined ? '' : `:${String(line)}`
}
