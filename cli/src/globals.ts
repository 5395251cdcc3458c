import { resolve } from 'node:path'

import { ConfigError, UsageError } from '@sotto/protocol'

import type { Globals } from './commands/command.js'
import { environmentName, GLOBAL_FLAGS } from './flags/flag.js'
import { Flags, ON } from './flags/flags.js'
import { parseDuration } from './flags/values.js'
import { dataDirOf } from './home.js'
import { readPassphrasePlace } from './passphrase/place.js'
import type { Environment, World } from './world.js'

/** Reads the global flags: command line over environment over defaults. */
export function resolveGlobals(
  typed: ReadonlyMap<string, readonly string[]>,
  world: World,
): Globals {
  const { env, homeDir, workingDir } = world
  const flags = Flags.resolve({ specs: GLOBAL_FLAGS, command: [], typed, env })
  if (flags.isOn('config')) {
    throw new ConfigError('config/invalid', 'configuration files are not read by this version', {
      fix: 'Use flags or SOTTO_* variables: sotto help environment',
    })
  }
  return {
    account: flags.text('account'),
    dataDir: dataDirOf({ given: flags.text('home'), env, homeDir, workingDir }),
    daemon: !flags.isOn('no-daemon'),
    socket: readSocket(flags, workingDir),
    json: flags.isOn('json'),
    quiet: flags.isOn('quiet'),
    verbose: flags.isOn('verbose'),
    input: !flags.isOn('no-input'),
    color: !flags.isOn('no-color') && allowsColor(env),
    yes: flags.isOn('yes'),
    timeoutMs: flags.read('timeout', parseDuration),
    passphrase: readPassphrasePlace(flags, workingDir),
  }
}

function readSocket(flags: Flags, workingDir: string): string | undefined {
  const path = flags.text('socket')
  if (path === undefined) return undefined
  if (!flags.isOn('no-daemon')) return resolve(workingDir, path)
  throw new UsageError('usage/invalid', '--socket and --no-daemon contradict each other', {
    fix: '--socket asks at one socket; --no-daemon asks at none. Choose one.',
  })
}

/** How errors are told, before or without knowing whether the rest of the line is right. */
export function guessLook({
  argv,
  env,
}: Pick<World, 'argv' | 'env'>): Pick<Globals, 'json' | 'quiet' | 'color'> {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  const isOn = (name: string) =>
    flags.includes(`--${name}`) || ON.has(env[environmentName({ name, summary: '' })] ?? '')
  return { json: isOn('json'), quiet: false, color: !isOn('no-color') && allowsColor(env) }
}

function allowsColor(env: Environment): boolean {
  return !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}
