import { withOverlay } from './editing.js'
import { call } from './effect.js'
import type { OwnKey } from './own-keys.js'
import {
  SETTING_NAMES,
  savedOwnKeys,
  savedSetting,
  withValue,
  type SettingName,
} from './settings.js'
import type { UiState } from './state.js'
import { step, then, type Step } from './step.js'
import type { Surface } from './surface.js'
import { askTheme } from './themes.js'
import { toast } from './toasts.js'

/** It holds at once, and is kept with the account. A value that there is not changes nothing. */
export function set(state: UiState, name: SettingName, value: string): Step | undefined {
  const settings = withValue(state.settings, name, value)
  if (settings === undefined) return undefined
  const done = step({ ...state, settings }, call('setting.save', savedSetting(settings, name)))
  return name === 'theme' ? then(done, askTheme) : done
}

/** The keys are these at once, and are kept with the account. */
export function setOwnKeys(state: UiState, ownKeys: readonly OwnKey[]): Step {
  const settings = { ...state.settings, ownKeys }
  return step({ ...state, settings }, call('setting.save', savedOwnKeys(settings)))
}

/** The list of settings at one of them, else at the first, with the themes that there are now. */
export function openSettings(state: UiState, at: SettingName | undefined): Step {
  const index = at === undefined ? 0 : SETTING_NAMES.indexOf(at)
  return step(withOverlay(state, { kind: 'settings', index }), { kind: 'list-themes' })
}

/** `/notify full`; without a value the list of settings is opened there. */
export function setOrShow(
  state: UiState,
  name: SettingName,
  args: string,
  { words }: Surface,
): Step {
  if (args === '') return openSettings(state, name)
  const done = set(state, name, args)
  const { settings } = words.screen
  if (done === undefined) return step(toast(state, settings.noSuchValue[name], 'bad'))
  const told = `${settings.names[name]}: ${settings.value(name, args)}`
  return step(toast(done.state, told, 'good'), ...done.effects)
}
