import { ownConfigPath } from '../config/files.js'
import { CONFIG_KEYS, KEY_SPECS, shownValue } from '../config/keys.js'
import { parseChoice } from '../flags/values.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['config', 'set'],
  group: 'This device',
  summary: 'change a setting in your configuration file',
  arguments: [
    { usage: '<key>', summary: CONFIG_KEYS.join(' '), complete: CONFIG_KEYS },
    { usage: '<value>', summary: 'what it shall be' },
  ],
  flags: [],
  details: [
    'Comments and the order of the file stay as they are; a file that is not there is made. A proxy with a password in it is better written into the file by hand: arguments are seen by other programs.',
  ],
  examples: ['sotto config set timeout 30s', 'sotto config set contacts.accept everyone'],
  object: { schema: 'config', many: false },
  exits: [74],
  configless: true,
  run,
}

async function run({ args, globals, output, world }: Invocation): Promise<number> {
  const [name = '', value = ''] = args
  const key = parseChoice(name, CONFIG_KEYS, 'key')
  KEY_SPECS[key].check(value)
  const path = ownConfigPath(globals.config, world)
  const { setInFile } = await import('../config/write.js')
  setInFile(path, key, value)
  const shown = shownValue(key, value)
  output.result({ config: { key, value: shown, origin: 'user', path } }, () => `${key} = ${shown}`)
  return 0
}
