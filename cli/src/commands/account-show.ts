import { loadCore } from '../core.js'
import { locateOptions } from '../open-options.js'
import { renderAccountDetail } from '../print/lines.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['account', 'show'],
  group: 'Accounts',
  summary: 'print one account',
  arguments: [],
  flags: [],
  details: ['The one that --account names, or the only one.'],
  examples: ['sotto account show -A alice.42'],
  object: { schema: 'account', many: false },
  exits: [86],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  const { showAccount } = await loadCore()
  const account = await showAccount(locateOptions(invocation))
  output.result({ account }, (look) => renderAccountDetail(account, look))
  return 0
}
