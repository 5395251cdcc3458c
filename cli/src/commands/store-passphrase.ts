import { UsageError } from '@sotto/protocol'

import { loadCore } from '../core.js'
import { locateOptions } from '../open-options.js'
import { readPassphrasePlace } from '../passphrase/place.js'
import { newPassphrase } from '../passphrase/source.js'
import { renderStoreKey } from '../print/lines.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['store', 'passphrase'],
  group: 'This device',
  summary: 'lock the account under a passphrase, change it or take it away',
  arguments: [],
  flags: [
    { name: 'remove', summary: 'take the passphrase away' },
    {
      name: 'new-passphrase-file',
      value: 'file',
      summary: 'the new one is in this file',
      complete: 'file',
    },
    {
      name: 'new-passphrase-fd',
      value: 'number',
      summary: 'the new one comes through this file descriptor',
    },
  ],
  details: [
    'The key of the store leaves the keyring or the file it lay in and is locked under the passphrase; --remove puts it back. Messages stay as they are. Without files or descriptors it asks on the terminal.',
    'Whoever forgets the passphrase loses the messages here: nobody else has it. Ends 1 when there was none to take away.',
  ],
  examples: [
    'sotto store passphrase',
    'sotto store passphrase --passphrase-file old --new-passphrase-file new',
    'sotto store passphrase --remove',
  ],
  object: { schema: 'store-key', many: false },
  exits: [1, 66, 83, 86],
  run,
}

const NOTHING = 1

async function run(invocation: Invocation): Promise<number> {
  const { flags, output, world } = invocation
  const place = readPassphrasePlace(flags, world.workingDir, 'new-passphrase')
  const remove = flags.isOn('remove')
  if (remove && place !== undefined) {
    throw new UsageError('usage/invalid', '--remove takes no new passphrase')
  }
  const { changePassphrase } = await loadCore()
  const { keyIn, changed, keyWarning } = await changePassphrase({
    ...locateOptions(invocation),
    ...(remove ? {} : { next: async () => newPassphrase(invocation, place) }),
  })
  output.result({ storeKey: { keyIn } }, () => renderStoreKey({ keyIn }))
  if (keyWarning !== undefined) output.note(keyWarning.replace(/^warning: /, ''))
  if (changed) return 0
  output.note('there was no passphrase')
  return NOTHING
}
