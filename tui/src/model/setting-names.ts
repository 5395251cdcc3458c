import type { ScreenSetting } from './settings.js'

/** All that can be set, as it is listed. */
export const SETTING_SECTIONS = [
  { section: 'privacy', names: ['receipts', 'notify', 'lock-after'] },
  { section: 'notifications', names: ['notify-by', 'bell', 'quiet-hours'] },
  { section: 'screen', names: ['theme', 'colors', 'keys'] },
] as const

export type SettingSection = (typeof SETTING_SECTIONS)[number]['section']
/** `receipts`: whether the account sends read receipts and shows those of others. */
export type SettingName = ScreenSetting | 'receipts'

export const SETTING_NAMES: readonly SettingName[] = SETTING_SECTIONS.flatMap(({ names }) => names)
