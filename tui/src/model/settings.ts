import type { ColorDepth } from '../rows/colors.js'
import { THEME_NAME } from '../rows/user-theme.js'
import type { IsNamed } from './command-name.js'
import { parseOwnKeys, writeOwnKeys, type OwnKey } from './own-keys.js'
import { parseQuietHours, writeQuietHours, type QuietHours } from './quiet-hours.js'

/** What a person has set for the screen. Every one has a default that needs no answer. */
export interface Settings {
  readonly keys: 'default' | 'vim' | 'emacs'
  /** What is other than in the profile, the last with the last word. */
  readonly ownKeys: readonly OwnKey[]
  /** `auto`, `dark`, `light`, or the name of a theme of one's own. */
  readonly theme: string
  readonly colors: ColorDepth | 'auto'
  /** What a notification tells. */
  readonly notify: 'full' | 'name' | 'none'
  readonly notifyBy: NotifyBy
  readonly bell: boolean
  /** Whether a reaction is notified; it rings in no case. */
  readonly reactions: boolean
  /** When nothing rings and nothing is notified; undefined: always may. */
  readonly quietHours: QuietHours | undefined
  /** Minutes without a key until the screen locks; 0: never. */
  readonly lockAfterMinutes: number
}

/**
 * Who shows notifications: `terminal` in its own way, `desktop` by its program, or the terminal in a
 * way that it does not say it has. `auto`: the terminal where it is known to, else the desktop, but
 * not that of another machine.
 */
export type NotifyBy = (typeof NOTIFY_BY)[number]
const NOTIFY_BY = ['auto', 'terminal', 'desktop', 'osc-99', 'osc-777', 'osc-9'] as const

export const DEFAULT_SETTINGS: Settings = {
  ...{ keys: 'default', ownKeys: [], theme: 'auto', colors: 'auto', notify: 'name' },
  ...{ notifyBy: 'auto', bell: true, reactions: false, quietHours: undefined, lockAfterMinutes: 0 },
}

export function isOwnTheme(name: string): boolean {
  return !VALUES.theme.includes(name)
}

export const SCREEN_SETTINGS = [
  ...(['notify', 'notify-by', 'bell', 'reactions', 'quiet-hours', 'lock-after'] as const),
  ...(['theme', 'colors', 'keys'] as const),
]
/** One that the account keeps for the screen, and that is the screen's alone. */
export type ScreenSetting = (typeof SCREEN_SETTINGS)[number]

/** Those of ours. */
export const THEMES: readonly string[] = ['auto', 'dark', 'light']

/** What Left and Right go through. A value that was typed may be another. */
const VALUES: Readonly<Record<ScreenSetting, readonly string[]>> = {
  notify: ['full', 'name', 'none'],
  'notify-by': NOTIFY_BY,
  bell: ['on', 'off'],
  reactions: ['off', 'on'],
  'quiet-hours': ['off', '22-7', '23-7', '23-8', '0-8', '18-9'],
  'lock-after': ['0', '1', '5', '15', '30', '60'],
  theme: THEMES,
  colors: ['auto', 'truecolor', '256', '16', 'none'],
  keys: ['default', 'vim', 'emacs'],
}

/** A day. */
const LOCK_AFTER_MINUTES_MAX = 24 * 60

export function valueOf(settings: Settings, name: ScreenSetting): string {
  switch (name) {
    case 'bell':
    case 'reactions':
      return settings[name] ? 'on' : 'off'
    case 'quiet-hours':
      return settings.quietHours === undefined ? 'off' : writeQuietHours(settings.quietHours)
    case 'lock-after':
      return String(settings.lockAfterMinutes)
    case 'notify-by':
      return settings.notifyBy
    case 'notify':
    case 'theme':
    case 'colors':
    case 'keys':
      return settings[name]
  }
}

/** Undefined: there is no such value. */
export function withValue(
  settings: Settings,
  name: ScreenSetting,
  value: string,
): Settings | undefined {
  switch (name) {
    case 'quiet-hours': {
      const quietHours = parseQuietHours(value)
      return value === 'off' || quietHours !== undefined ? { ...settings, quietHours } : undefined
    }
    case 'lock-after': {
      const minutes = /^\d{1,4}$/.test(value) ? Number(value) : LOCK_AFTER_MINUTES_MAX + 1
      return minutes > LOCK_AFTER_MINUTES_MAX
        ? undefined
        : { ...settings, lockAfterMinutes: minutes }
    }
    case 'bell':
    case 'reactions':
      return VALUES[name].includes(value) ? { ...settings, [name]: value === 'on' } : undefined
    case 'notify-by': {
      const notifyBy = NOTIFY_BY.find((each) => each === value)
      return notifyBy === undefined ? undefined : { ...settings, notifyBy }
    }
    case 'theme':
      return THEME_NAME.test(value) ? { ...settings, theme: value } : undefined
    case 'notify':
    case 'colors':
    case 'keys':
      return VALUES[name].includes(value) ? { ...settings, [name]: value } : undefined
  }
}

/** The value before (-1) or behind it, from the last to the first. */
export function neighbourValue(
  settings: Settings,
  name: ScreenSetting,
  by: -1 | 1,
  themes: readonly string[],
): string {
  const values = name === 'theme' ? [...VALUES.theme, ...themes] : VALUES[name]
  const at = values.indexOf(valueOf(settings, name))
  const next = at < 0 ? 0 : (at + by + values.length) % values.length
  return values[next] ?? valueOf(settings, name)
}

export interface SavedSetting {
  readonly name: string
  readonly value: string
}

/** What the account's settings of this screen are called among others'. */
const PREFIX = 'screen.'

const OWN_KEYS = `${PREFIX}own-keys`

export function savedSetting(settings: Settings, name: ScreenSetting): SavedSetting {
  return { name: PREFIX + name, value: valueOf(settings, name) }
}

export function savedOwnKeys({ ownKeys }: Settings): SavedSetting {
  return { name: OWN_KEYS, value: writeOwnKeys(ownKeys) }
}

/** What was saved, by this version or another: what is not understood stays at its default. */
export function parseSettings(saved: readonly SavedSetting[], isNamed: IsNamed): Settings {
  const valueSaved = (name: string) => saved.find((each) => each.name === name)?.value
  const ownKeys = parseOwnKeys(valueSaved(OWN_KEYS) ?? '', isNamed)
  return SCREEN_SETTINGS.reduce<Settings>(
    (settings, name) => {
      const value = valueSaved(PREFIX + name)
      return value === undefined ? settings : (withValue(settings, name, value) ?? settings)
    },
    { ...DEFAULT_SETTINGS, ownKeys },
  )
}
