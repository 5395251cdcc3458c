import { dirname, resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import {
  CONFIG_VARIABLE,
  JSON_VARIABLE,
  SETTING_NAMES,
  SETTING_RULES,
  isOurVariable,
  isSettingName,
  limitOfVariable,
  variableOf,
  type LimitSaid,
  type Said,
  type SettingName,
  type Source,
} from './settings.js'

/** What the command line says, as commander gives it: names of flags in camelCase. */
export type Flags = Readonly<Record<string, unknown>>
export type Environment = Readonly<Record<string, string | undefined>>

/** A configuration file as it was read. */
export interface ConfigText {
  readonly path: string
  readonly text: string
}

/** Settings that name files: in a file they count from its own folder. */
const PATHS: ReadonlySet<SettingName> = new Set<SettingName>(['data', 'tls-cert', 'tls-key'])

const OF_EVERY_COMMAND: ReadonlySet<string> = new Set([CONFIG_VARIABLE, JSON_VARIABLE])

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ...(['1', 'true', 'yes', 'on'] as const).map((text) => [text, true] as const),
  ...(['', '0', 'false', 'no', 'off'] as const).map((text) => [text, false] as const),
])

/** Whether JSON is asked for, by flag or variable. A variable that is neither on nor off is a fault. */
export function isJsonAsked(
  flags: Flags,
  environment: Environment,
  faults: string[] = [],
): boolean {
  if (flags['json'] === true) return true
  const isOn = SWITCH.get((environment[JSON_VARIABLE] ?? '').toLowerCase())
  if (isOn === undefined) faults.push(`${JSON_VARIABLE} is neither on nor off: 1 or 0`)
  return isOn ?? false
}

export function flagSource(flags: Flags): Source {
  const settings = new Map<SettingName, Said>()
  for (const name of SETTING_NAMES) {
    const texts = textsIn(flags[camelCase(name)])
    if (texts.length > 0) settings.set(name, { from: `--${name}`, texts })
  }
  const limits = textsIn(flags['limit']).map((said) => {
    const [name = '', ...text] = said.split('=')
    return { from: `--limit ${said}`, name, text: text.join('=') }
  })
  return { settings, limits }
}

/** A variable of ours that says nothing we know is a fault: somebody believes that it counts. */
export function environmentSource(environment: Environment, faults: string[]): Source {
  const settings = new Map<SettingName, Said>()
  const limits: LimitSaid[] = []
  for (const [variable, text = ''] of Object.entries(environment)) {
    if (!isOurVariable(variable) || OF_EVERY_COMMAND.has(variable) || text === '') continue
    const name = SETTING_NAMES.find((each) => variableOf(each) === variable)
    const limit = limitOfVariable(variable)
    if (name !== undefined) settings.set(name, { from: variable, texts: listIn(name, text) })
    else if (limit !== undefined) limits.push({ from: variable, name: limit, text })
    else faults.push(`${variable}: there is no such setting`)
  }
  return { settings, limits }
}

/** TOML: a key a setting, `[limits]` with a key a limit. */
export function fileSource({ path, text }: ConfigText, faults: string[]): Source {
  const settings = new Map<SettingName, Said>()
  const limits: LimitSaid[] = []
  for (const [key, value] of Object.entries(tableOf({ path, text }, faults))) {
    const from = `${path}: ${key}`
    if (key === 'limits' && isTable(value)) limits.push(...limitsIn(value, path))
    else if (!isSettingName(key)) faults.push(`${from}: there is no such setting`)
    else {
      const texts = textsOf(value)
      if (texts === undefined) faults.push(`${from}: neither a text in quotes nor a list of them`)
      else if (texts.length > 1 && SETTING_RULES[key].many !== true)
        faults.push(`${from}: one of these only`)
      else settings.set(key, { from, texts: PATHS.has(key) ? texts.map(besides(path)) : texts })
    }
  }
  return { settings, limits }
}

function tableOf({ path, text }: ConfigText, faults: string[]): Readonly<Record<string, unknown>> {
  try {
    return parse(text)
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown
    const what = thrown.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''
    faults.push(`${path}:${thrown.line}: not TOML: ${what}`)
    return {}
  }
}

function limitsIn(table: Readonly<Record<string, unknown>>, path: string): LimitSaid[] {
  return Object.entries(table).map(([name, value]) => {
    const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : '?'
    return { from: `${path}: limits.${name} = ${text}`, name, text }
  })
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value]
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string')
  return isList && value.length > 0 ? value : undefined
}

function listIn(name: SettingName, text: string): readonly string[] {
  if (SETTING_RULES[name].many !== true) return [text]
  return text.split(',').map((each) => each.trim())
}

function textsIn(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((each) => typeof each === 'string')
}

function besides(path: string): (file: string) => string {
  return (file) => resolve(dirname(path), file)
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  )
}
