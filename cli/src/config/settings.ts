import type { Flags } from '../flags/flags.js'
import { CONFIG_KEYS, KEY_SPECS, type ConfigKey } from './keys.js'
import type { ConfigEntries, ConfigEntry } from './parse-config.js'

/** What holds for one key, and who says so. */
export interface Setting {
  readonly value: string
  readonly origin: 'flag' | 'environment' | ConfigEntry['origin'] | 'default'
  /** The file that says so. */
  readonly path: string | null
}

export type Settings = ReadonlyMap<ConfigKey, Setting>

/** Keys that a flag, and with it a variable, sets: by the same name. */
const FLAGGED: ReadonlySet<ConfigKey> = new Set<ConfigKey>(['account', 'timeout', 'proxy'])

/** Flags over environment over files over defaults; a key that nobody speaks of is left out. */
export function resolveSettings(
  flags: Flags,
  entries: ConfigEntries,
  options: { readonly colorIsOff: 'flag' | 'environment' | undefined },
): Settings {
  const settings = new Map<ConfigKey, Setting>()
  for (const key of CONFIG_KEYS) {
    const setting = given(key, flags, options.colorIsOff) ?? entries.get(key) ?? standard(key)
    if (setting !== undefined) {
      const { value, origin, path } = setting
      settings.set(key, { value, origin, path })
    }
  }
  return settings
}

function given(
  key: ConfigKey,
  flags: Flags,
  colorIsOff: 'flag' | 'environment' | undefined,
): Setting | undefined {
  if (key === 'color' && colorIsOff !== undefined)
    return { value: 'never', origin: colorIsOff, path: null }
  const value = FLAGGED.has(key) ? flags.text(key) : undefined
  if (value === undefined) return undefined
  return { value, origin: flags.isTyped(key) ? 'flag' : 'environment', path: null }
}

function standard(key: ConfigKey): Setting | undefined {
  const value = KEY_SPECS[key].standard
  return value === undefined ? undefined : { value, origin: 'default', path: null }
}
