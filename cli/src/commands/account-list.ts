import { loadCore } from '../core.js'
import { passphraseSource } from '../passphrase/source.js'
import { renderAccount } from '../print/lines.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['account', 'list'],
  group: 'Accounts',
  summary: 'print the accounts of this home',
  arguments: [],
  flags: [],
  details: [
    'Accounts locked under a passphrase are counted; with --passphrase-file those it opens are listed.',
  ],
  examples: ['sotto account list --json'],
  object: { schema: 'account', many: true },
  exits: [],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { globals, output } = invocation
  const { listAccounts } = await loadCore()
  const { accounts, locked, closed } = await listAccounts({
    home: { dataDir: globals.dataDir },
    // A list asks nobody: what is locked is counted.
    ...(globals.passphrase === undefined ? {} : { passphrase: passphraseSource(invocation) }),
  })
  for (const account of accounts) {
    output.result({ account }, (look) => renderAccount(account, look))
  }
  if (locked > 0) output.note(`${more(locked, accounts.length)} locked under a passphrase`)
  if (closed > 0) output.note(`${more(closed, accounts.length)} not to be opened: sotto doctor`)
  if (accounts.length + locked + closed === 0) {
    output.note('no account yet: sotto account create --relay URL')
  }
  return 0
}

function more(count: number, shown: number): string {
  const accounts = `${String(count)} ${shown === 0 ? '' : 'more '}account`
  return count === 1 ? `${accounts} is` : `${accounts}s are`
}
