import { loadCore } from '../core.js'
import { locateOptions } from '../open-options.js'
import { renderAccount } from '../print/lines.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['account', 'use'],
  group: 'Accounts',
  summary: 'choose the account that commands use',
  arguments: [
    { usage: '<name>', summary: 'username, id or the beginning of one', complete: 'account' },
  ],
  flags: [],
  details: ['--account (or SOTTO_ACCOUNT) chooses another for one command.'],
  examples: ['sotto account use work.42'],
  object: { schema: 'account', many: false },
  exits: [86],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const { useAccount } = await loadCore()
  const account = await useAccount({ ...locateOptions(invocation), account: args[0] ?? '' })
  output.result({ account }, (look) => renderAccount(account, look))
  return 0
}
