import { readFileSync } from 'node:fs'
import { ConfigError } from '@sotto/protocol'
import { CONFIG_VARIABLE } from './settings.js'
import type { ConfigText, Environment, Flags } from './sources.js'

/** The file that the flag names, or else the variable; undefined where neither does. */
export function readConfigFile(flags: Flags, environment: Environment): ConfigText | undefined {
  const { config } = flags
  const path = typeof config === 'string' ? config : environment[CONFIG_VARIABLE]
  if (path === undefined || path === '') return undefined
  try {
    return { path, text: readFileSync(path, 'utf8') }
  } catch (cause) {
    throw new ConfigError('config/invalid', `the configuration file ${path} cannot be read`, {
      cause,
      fix: 'Check the path and its permissions.',
    })
  }
}
