import type { ColorDepth } from '../rows/theme.js'

/** What a person has set for the screen. Every one has a default that needs no answer. */
export interface Settings {
  readonly keys: 'default' | 'vim' | 'emacs'
  readonly theme: 'auto' | 'dark' | 'light'
  readonly colors: ColorDepth | 'auto'
  /** What a notification tells. */
  readonly notify: 'full' | 'name' | 'none'
  readonly bell: boolean
  /** Minutes without a key until the screen locks; 0: never. */
  readonly lockAfterMinutes: number
}

export const DEFAULT_SETTINGS: Settings = {
  ...{ keys: 'default', theme: 'auto', colors: 'auto', notify: 'name' },
  ...{ bell: true, lockAfterMinutes: 0 },
}
