import { safeLine } from '@sotto/tui'

import { CONFIG_KEYS, shownValue } from '../config/keys.js'
import type { Setting } from '../config/settings.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['config', 'list'],
  group: 'This device',
  summary: 'print every setting as it holds',
  arguments: [],
  flags: [{ name: 'origin', summary: 'and who says so: flag, environment, a file or the default' }],
  details: [],
  examples: ['sotto config list --origin'],
  object: { schema: 'config', many: true },
  exits: [66],
  run,
}

async function run({ flags, globals, output }: Invocation): Promise<number> {
  for (const key of CONFIG_KEYS) {
    const setting = globals.settings.get(key)
    const value = setting === undefined ? null : shownValue(key, setting.value)
    const config = { key, value, origin: setting?.origin ?? null, path: setting?.path ?? null }
    output.result({ config }, ({ paint }) => {
      const line = `${key} = ${value === null ? '(not set)' : safeLine(value)}`
      const origin = flags.isOn('origin') && setting !== undefined ? originOf(setting) : ''
      return origin === '' ? line : `${line}  ${paint.dim(origin)}`
    })
  }
  return 0
}

function originOf({ origin, path }: Setting): string {
  return path === null ? origin : `${origin}: ${safeLine(path)}`
}
