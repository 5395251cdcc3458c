import type { ColorDepth } from '../rows/theme.js'
import type { QuietHours } from './quiet-hours.js'

/** What a person has set for the screen. Every one has a default that needs no answer. */
export interface Settings {
  readonly keys: 'default' | 'vim' | 'emacs'
  readonly theme: 'auto' | 'dark' | 'light'
  readonly colors: ColorDepth | 'auto'
  /** What a notification tells. */
  readonly notify: 'full' | 'name' | 'none'
  readonly bell: boolean
  /** When nothing rings and nothing is notified; undefined: always may. */
  readonly quietHours: QuietHours | undefined
  /** Minutes without a key until the screen locks; 0: never. */
  readonly lockAfterMinutes: number
}

export const DEFAULT_SETTINGS: Settings = {
  ...{ keys: 'default', theme: 'auto', colors: 'auto', notify: 'name' },
  ...{ bell: true, quietHours: undefined, lockAfterMinutes: 0 },
}
