import { CONFIG_KEYS, shownValue } from '../config/keys.js'
import { parseChoice } from '../flags/values.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['config', 'get'],
  group: 'This device',
  summary: 'print a setting as it holds',
  arguments: [{ usage: '<key>', summary: CONFIG_KEYS.join(' '), complete: CONFIG_KEYS }],
  flags: [],
  details: ['Ends 1 where nobody has set it and it has no default.'],
  examples: ['sotto config get timeout', 'sotto config get contacts.accept --json'],
  object: { schema: 'config', many: false },
  exits: [1, 66],
  run,
}

const NOT_SET = 1

async function run({ args: [name = ''], globals, output }: Invocation): Promise<number> {
  const key = parseChoice(name, CONFIG_KEYS, 'key')
  const setting = globals.settings.get(key)
  if (setting === undefined) return NOT_SET
  const value = shownValue(key, setting.value)
  output.result({ config: { key, ...setting, value } }, () => value)
  return 0
}
