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
import { step, type Step } from './step.js'
import type { Surface } from './surface.js'
import { toast } from './toasts.js'

/** It holds at once, and is kept with the account. A value that there is not changes nothing. */
export function set(state: UiState, name: SettingName, value: string): Step | undefined {
  const settings = withValue(state.settings, name, value)
  if (settings === undefined) return undefined
  return step({ ...state, settings }, call('setting.save', savedSetting(settings, name)))
}

/** The keys are these at once, and are kept with the account. */
export function setOwnKeys(state: UiState, ownKeys: readonly OwnKey[]): Step {
  const settings = { ...state.settings, ownKeys }
  return step({ ...state, settings }, call('setting.save', savedOwnKeys(settings)))
}

/** `/notify full`; without a value the list of settings is opened there. */
export function setOrShow(
  state: UiState,
  name: SettingName,
  args: string,
  { words }: Surface,
): Step {
  if (args === '')
    return step(withOverlay(state, { kind: 'settings', index: SETTING_NAMES.indexOf(name) }))
  const done = set(state, name, args)
  const { settings } = words.screen
  if (done === undefined) return step(toast(state, settings.noSuchValue[name], 'bad'))
  const told = `${settings.names[name]}: ${settings.value(name, args)}`
  return step(toast(done.state, told, 'good'), ...done.effects)
}
