import type { AccountObject } from '@sotto/client-core'

import { isNamedIn } from './commands/names.js'
import { withOverlay } from './editing.js'
import { ask, call } from './effect.js'
import type { OwnKey } from './own-keys.js'
import {
  ACCOUNT_SETTINGS,
  SETTING_NAMES,
  type AccountSetting,
  type SettingName,
} from './setting-names.js'
import {
  neighbourValue,
  parseSettings,
  savedOwnKeys,
  savedSetting,
  valueOf,
  withValue,
  type SavedSetting,
  type ScreenSetting,
} from './settings.js'
import type { UiState } from './state.js'
import { step, then, type Step } from './step.js'
import type { Surface } from './surface.js'
import { askTheme } from './themes.js'
import { toast } from './toasts.js'

export function settingValue({ account, settings }: UiState, name: SettingName): string {
  return isOfAccount(name) ? accountSetting(account, name) : valueOf(settings, name)
}

export function accountSetting(account: AccountObject, name: AccountSetting): 'on' | 'off' {
  const { readReceipts, typing } = account
  return { receipts: readReceipts, typing }[name] === false ? 'off' : 'on'
}

function isOfAccount(name: SettingName): name is AccountSetting {
  return ACCOUNT_SETTINGS.some((each) => each === name)
}

/** What is set for this account, as it was told. */
export function takeSettings(
  state: UiState,
  saved: readonly SavedSetting[],
  { commands }: Surface,
): Step {
  const settings = parseSettings(saved, isNamedIn(commands))
  return then(step({ ...state, settings }), askTheme)
}

/** A value that there is not changes nothing; undefined then. */
export function set(state: UiState, name: SettingName, value: string): Step | undefined {
  if (!isOfAccount(name)) return setScreen(state, name, value)
  if (value !== 'on' && value !== 'off') return undefined
  const on = value === 'on'
  const change = { receipts: { readReceipts: on }, typing: { typing: on } }[name]
  return step(state, ask('account.edit', change))
}

/** It holds at once, and is kept with the account. */
function setScreen(state: UiState, name: ScreenSetting, value: string): Step | undefined {
  const settings = withValue(state.settings, name, value)
  if (settings === undefined) return undefined
  const done = step({ ...state, settings }, call('setting.save', savedSetting(settings, name)))
  return name === 'theme' ? then(done, askTheme) : done
}

/** Another value than it has, the one before (-1) or behind it. */
export function setNeighbour(state: UiState, name: SettingName, by: -1 | 1): Step | undefined {
  if (isOfAccount(name)) return set(state, name, settingValue(state, name) === 'on' ? 'off' : 'on')
  return set(state, name, neighbourValue(state.settings, name, by, state.themes.names))
}

/** The keys are these at once, and are kept with the account. */
export function setOwnKeys(state: UiState, ownKeys: readonly OwnKey[]): Step {
  const settings = { ...state.settings, ownKeys }
  return step({ ...state, settings }, call('setting.save', savedOwnKeys(settings)))
}

/**
 * The list of settings at one of them, else at the first, with the themes that there are now and
 * with the account as another process may have changed it.
 */
export function openSettings(state: UiState, at: SettingName | undefined): Step {
  const index = at === undefined ? 0 : SETTING_NAMES.indexOf(at)
  return step(
    withOverlay(state, { kind: 'settings', index }),
    { kind: 'list-themes' },
    ask('account.current', {}),
  )
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
  if (isOfAccount(name)) return done // Told when it is so.
  const told = `${settings.names[name]}: ${settings.value(name, args)}`
  return step(toast(done.state, told, 'good'), ...done.effects)
}
