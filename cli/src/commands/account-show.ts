import type { AccountDetailObject } from '@sotto/client-core'
import { AccountError } from '@sotto/protocol'

import { loadCore } from '../core.js'
import { renderAccountDetail } from '../print/lines.js'
import type { Invocation } from './command.js'

export async function run({ globals, output }: Invocation): Promise<number> {
  const { listAccounts } = await loadCore()
  const accounts = await listAccounts({ dataDir: globals.dataDir })
  const account = chooseAccount(accounts, globals.account)
  output.result({ account }, (look) => renderAccountDetail(account, look))
  return 0
}

/** The one named by username, id or the beginning of either; unnamed, the default or the only one. */
export function chooseAccount(
  accounts: readonly AccountDetailObject[],
  name: string | undefined,
): AccountDetailObject {
  const found = name === undefined ? unnamed(accounts) : matching(accounts, name)
  const [account] = found
  if (account === undefined) {
    const what = name === undefined ? 'no account here' : `no account ${name} here`
    throw new AccountError('account/none', what, {
      fix: 'sotto account create --relay URL --username alice.42\nsotto account list',
    })
  }
  if (found.length > 1) {
    throw new AccountError('account/ambiguous', 'several accounts fit', {
      fix: found.map(({ username, id }) => `--account ${username ?? id}`).join('\n'),
    })
  }
  return account
}

function unnamed(accounts: readonly AccountDetailObject[]): readonly AccountDetailObject[] {
  const chosen = accounts.filter((account) => account.default)
  return chosen.length > 0 ? chosen : accounts
}

function matching(
  accounts: readonly AccountDetailObject[],
  name: string,
): readonly AccountDetailObject[] {
  const exact = accounts.filter(({ id, username }) => id === name || username === name)
  if (exact.length > 0) return exact
  return accounts.filter(({ id, username }) => id.startsWith(name) || username?.startsWith(name))
}
