import type { SettingName } from '../model/settings.js'

/** What the full screen says about its settings. */
export interface SettingsWords {
  readonly title: string
  readonly hint: string
  readonly names: Readonly<Record<SettingName, string>>
  /** What it means, whatever its value. */
  readonly means: Readonly<Record<SettingName, string>>
  /** What may be typed. */
  readonly noSuchValue: Readonly<Record<SettingName, string>>
  readonly value: (name: SettingName, value: string) => string
}
