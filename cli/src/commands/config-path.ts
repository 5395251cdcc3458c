import { existsSync } from 'node:fs'

import { safeLine } from '@sotto/tui'

import { ownConfigPath } from '../config/files.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['config', 'path'],
  group: 'This device',
  summary: 'print where your configuration file is, or would be',
  arguments: [],
  flags: [],
  details: [],
  examples: ['sotto config path', '$EDITOR "$(sotto config path)"'],
  object: { schema: 'config-file', many: false },
  exits: [],
  configless: true,
  run,
}

async function run({ globals, output, world }: Invocation): Promise<number> {
  const path = ownConfigPath(globals.config, world)
  output.result({ configFile: { path, exists: existsSync(path) } }, () => safeLine(path))
  return 0
}
