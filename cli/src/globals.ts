import { ConfigError } from '@sotto/protocol'

import type { Globals } from './commands/command.js'
import { GLOBAL_FLAGS } from './flags/flag.js'
import { Flags } from './flags/flags.js'
import { parseDuration } from './flags/values.js'
import { dataDirOf } from './home.js'
import type { World } from './world.js'

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
    json: flags.isOn('json'),
    quiet: flags.isOn('quiet'),
    verbose: flags.isOn('verbose'),
    input: !flags.isOn('no-input'),
    color: !flags.isOn('no-color') && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    yes: flags.isOn('yes'),
    timeoutMs: flags.read('timeout', parseDuration),
  }
}

/** Whether errors are to be JSON, told before or without knowing whether the rest is right. */
export function wantsJson({ argv, env }: Pick<World, 'argv' | 'env'>): boolean {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  return flags.includes('--json') || /^(1|true|yes|on)$/i.test(env['SOTTO_JSON'] ?? '')
}
