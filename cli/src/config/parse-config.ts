import { SottoError } from '@sotto/protocol'
import { parse, TomlError } from 'smol-toml'

import { nearest } from '../flags/values.js'
import { CONFIG_KEYS, KEY_SPECS, type ConfigKey } from './keys.js'
import { findLine } from './toml-lines.js'

/** A configuration file as it was read. */
export interface ConfigText {
  readonly origin: 'project' | 'user' | 'system'
  readonly path: string
  readonly text: string
}

/** What one file says of one key. */
export interface ConfigEntry extends Omit<ConfigText, 'text'> {
  readonly value: string
}

export type ConfigEntries = ReadonlyMap<ConfigKey, ConfigEntry>

export interface ParsedConfig {
  readonly entries: ConfigEntries
  /** `path:line: what is wrong`, all of them. */
  readonly faults: readonly string[]
}

/** Reads files in order of precedence: the first that says something of a key has its word. */
export function parseConfig(texts: readonly ConfigText[]): ParsedConfig {
  const entries = new Map<ConfigKey, ConfigEntry>()
  const faults: string[] = []
  for (const file of texts) {
    for (const [name, value] of settingsIn(file, faults)) {
      const fault = faultOf(name, value, file.origin)
      if (fault !== undefined) {
        const line = findLine(file.text, name)?.number
        faults.push(`${file.path}${line === undefined ? '' : `:${String(line)}`}: ${fault}`)
      } else if (!entries.has(name as ConfigKey)) {
        const { origin, path } = file
        entries.set(name as ConfigKey, { origin, path, value: value as string })
      }
    }
  }
  return { entries, faults }
}

function settingsIn({ path, text }: ConfigText, faults: string[]): [string, unknown][] {
  try {
    return flatten(parse(text))
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    // Its message goes on with the lines around, which may hold a password.
    const what = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''
    faults.push(`${path}:${String(error.line)}: not TOML: ${what}`)
    return []
  }
}

/** `[contacts] accept = …` is `contacts.accept`. */
function flatten(table: object, prefix = ''): [string, unknown][] {
  return Object.entries(table).flatMap(([name, value]: [string, unknown]) =>
    isTable(value) ? flatten(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value]],
  )
}

function isTable(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  )
}

function faultOf(name: string, value: unknown, origin: ConfigText['origin']): string | undefined {
  const key = CONFIG_KEYS.find((each) => each === name)
  if (key === undefined) {
    const near = nearest(name, CONFIG_KEYS)
    return `there is no key ${name}${near === undefined ? '' : `; did you mean ${near}?`}`
  }
  if (origin === 'project' && !KEY_SPECS[key].inProject)
    return `${key} must not be in a project’s file`
  if (typeof value !== 'string') return `${key} is not a text in quotes`
  try {
    KEY_SPECS[key].check(value)
    return undefined
  } catch (error) {
    if (!(error instanceof SottoError)) throw error
    return `${key}: ${error.message}`
  }
}
