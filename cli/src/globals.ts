import { resolve } from 'node:path'

import { UsageError } from '@sotto/protocol'

import type { Globals } from './commands/command.js'
import { loadConfig, tryConfig, type ConfigPlace } from './config/load.js'
import type { ConfigEntries } from './config/parse-config.js'
import { resolveSettings } from './config/settings.js'
import { environmentName, GLOBAL_FLAGS } from './flags/flag.js'
import { Flags, ON } from './flags/flags.js'
import { parseDuration } from './flags/values.js'
import { dataDirOf } from './home.js'
import { readPassphrasePlace } from './passphrase/place.js'
import { parseFields } from './print/fields.js'
import { checkProxy } from './proxy.js'
import type { Environment, World } from './world.js'

/**
 * Reads the global flags: command line over environment over configuration files, where this command
 * reads them, over defaults.
 */
export async function resolveGlobals(
  typed: ReadonlyMap<string, readonly string[]>,
  world: World,
  options: ConfigReading,
): Promise<Globals> {
  const { env, homeDir, workingDir } = world
  const flags = Flags.resolve({ specs: GLOBAL_FLAGS, command: [], typed, env })
  const config = { config: flags.path('config'), home: flags.path('home') }
  const entries = await readEntries(config, world, options)
  const settings = resolveSettings(flags, entries, { colorIsOff: colorIsOff(flags, env) })
  const timeout = settings.get('timeout')
  const proxy = flags.read('proxy', checkProxy)
  const fields = flags.read('fields', parseFields)
  return {
    account: settings.get('account')?.value,
    // Asked for when it is needed: some commands need none, and then none has to be known.
    get dataDir() {
      return dataDirOf({ given: config.home, env, homeDir, workingDir })
    },
    daemon: !flags.isOn('no-daemon'),
    socket: readSocket(flags, workingDir),
    json: flags.isOn('json') || fields !== undefined,
    fields,
    quiet: flags.isOn('quiet'),
    verbose: flags.isOn('verbose'),
    input: !flags.isOn('no-input'),
    color: settings.get('color')?.value !== 'never',
    yes: flags.isOn('yes'),
    timeoutMs:
      flags.read('timeout', parseDuration) ??
      (timeout === undefined ? undefined : parseDuration(timeout.value)),
    passphrase: readPassphrasePlace(flags, workingDir),
    proxy,
    acceptEveryone: settings.get('contacts.accept')?.value === 'everyone',
    plain: flags.isOn('plain') || needsLines(env),
    demo: flags.isOn('demo'),
    config,
    settings,
  }
}

/** A terminal that cannot move its cursor, or somebody who hears what is printed. */
function needsLines(env: Environment): boolean {
  return env['TERM'] === 'dumb' || ON.has(env['INK_SCREEN_READER'] ?? '')
}

function readSocket(flags: Flags, workingDir: string): string | undefined {
  const path = flags.path('socket')
  if (path === undefined) return undefined
  if (!flags.isOn('no-daemon')) return resolve(workingDir, path)
  throw new UsageError('usage/invalid', '--socket and --no-daemon contradict each other', {
    fix: '--socket asks at one socket; --no-daemon asks at none. Choose one.',
  })
}

/** How a command takes its configuration. */
interface ConfigReading {
  readonly configless: boolean
  readonly lenient: boolean
  readonly note: (message: string) => void
}

async function readEntries(
  place: ConfigPlace,
  world: World,
  { configless, lenient, note }: ConfigReading,
): Promise<ConfigEntries> {
  if (configless) return new Map()
  return lenient ? (await tryConfig(place, world, note)).entries : loadConfig(place, world, note)
}

/** How errors are told, before or without knowing whether the rest of the line is right. */
export function guessLook({
  argv,
  env,
}: Pick<World, 'argv' | 'env'>): Pick<Globals, 'json' | 'fields' | 'quiet' | 'color'> {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  const isOn = (name: string) =>
    flags.includes(`--${name}`) || ON.has(env[environmentName({ name, summary: '' })] ?? '')
  const json = isOn('json') || flags.some((each) => /^--fields(=|$)/.test(each))
  return { json, fields: undefined, quiet: false, color: !isOn('no-color') && allowsColor(env) }
}

function colorIsOff(flags: Flags, env: Environment): 'flag' | 'environment' | undefined {
  if (flags.isTyped('no-color')) return 'flag'
  return flags.isOn('no-color') || !allowsColor(env) ? 'environment' : undefined
}

function allowsColor(env: Environment): boolean {
  return !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}
