import { loadCore } from '../core.js'
import { renderAccount } from '../print/lines.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['account', 'list'],
  group: 'Accounts',
  summary: 'print the accounts of this home',
  arguments: [],
  flags: [],
  details: [],
  examples: ['sotto account list --json'],
  object: { schema: 'account', many: true },
  exits: [],
  run,
}

async function run({ globals, output }: Invocation): Promise<number> {
  const { listAccounts } = await loadCore()
  const accounts = await listAccounts({ dataDir: globals.dataDir })
  for (const account of accounts) {
    output.result({ account }, (look) => renderAccount(account, look))
  }
  if (accounts.length === 0) output.note('no account yet: sotto account create --relay URL')
  return 0
}
