import { ConfigError } from '@sotto/protocol'

import type { World } from '../world.js'
import { configPaths, readConfigFiles } from './files.js'
import type { ConfigEntries, ParsedConfig } from './parse-config.js'

/** Where the global flags say configuration is. */
export interface ConfigPlace {
  readonly config: string | undefined
  readonly home: string | undefined
}

const NONE: ConfigEntries = new Map()

/**
 * What the configuration files say. The reader of TOML is loaded where there is a file, and only
 * there. Throws `config/invalid` with every fault of every file.
 */
export async function loadConfig(
  place: ConfigPlace,
  world: World,
  note: (message: string) => void,
): Promise<ConfigEntries> {
  const { entries, faults } = await tryConfig(place, world, note)
  if (faults.length === 0) return entries
  const count = faults.length === 1 ? 'a fault' : `${String(faults.length)} faults`
  throw new ConfigError('config/invalid', `the configuration has ${count}: ${faults.join('; ')}`, {
    fix: 'Correct the file. Which keys there are: sotto help config',
  })
}

/** The same, with the faults as part of the answer. */
export async function tryConfig(
  place: ConfigPlace,
  world: World,
  note: (message: string) => void,
): Promise<ParsedConfig> {
  const texts = readConfigFiles(configPaths(place, world), {
    mustExist: place.config !== undefined,
    ignored: (path) => note(`another user owns ${path}; it is not read`),
  })
  if (texts.length === 0) return { entries: NONE, faults: [] }
  const { parseConfig } = await import('./parse-config.js')
  return parseConfig(texts)
}
