import type { ScreenSetting } from './settings.js'

/** All that can be set, as it is listed. */
export const SETTING_SECTIONS = [
  { section: 'privacy', names: ['receipts', 'typing', 'notify', 'lock-after'] },
  { section: 'notifications', names: ['notify-by', 'bell', 'reactions', 'quiet-hours'] },
  { section: 'screen', names: ['theme', 'colors', 'keys'] },
] as const

export type SettingSection = (typeof SETTING_SECTIONS)[number]['section']
/**
 * What is the account's to say, on or off, and both ways: `receipts`, whether it sends read receipts and
 * shows those of others; `typing`, the same for who is writing.
 */
export const ACCOUNT_SETTINGS = ['receipts', 'typing'] as const
export type AccountSetting = (typeof ACCOUNT_SETTINGS)[number]
export type SettingName = ScreenSetting | AccountSetting

export const SETTING_NAMES: readonly SettingName[] = SETTING_SECTIONS.flatMap(({ names }) => names)
