import { loadCore } from '../core.js'
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
  exits: [],
  run,
}

async function run({ globals, output }: Invocation): Promise<number> {
  const { showAccount } = await loadCore()
  const account = await showAccount({ dataDir: globals.dataDir }, globals.account)
  output.result({ account }, (look) => renderAccountDetail(account, look))
  return 0
}
