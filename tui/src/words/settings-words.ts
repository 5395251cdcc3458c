import type { KeyOf } from './key-of.js'
import type { SettingName, SettingSection } from '../model/setting-names.js'

/** What the full screen says about its settings. */
export interface SettingsWords {
  readonly title: string
  readonly hint: string
  readonly sections: Readonly<Record<SettingSection, string>>
  readonly names: Readonly<Record<SettingName, string>>
  /** What it means, whatever its value. */
  readonly means: (key: KeyOf) => Readonly<Record<SettingName, string>>
  /** What may be typed. */
  readonly noSuchValue: Readonly<Record<SettingName, string>>
  /** A theme that is set and has faults, the first of which is this. */
  readonly themeFaults: (first: string, count: number, key: KeyOf) => string
  readonly themeUnread: (reason: string) => string
  readonly noSuchRole: (key: string, roles: string) => string
  readonly noSuchColor: (key: string, names: string) => string
  readonly noSuchBackground: string
  readonly value: (name: SettingName, value: string) => string
}
