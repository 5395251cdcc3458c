import { loadCore } from '../core.js'
import { renderAccount } from '../print/lines.js'
import type { Invocation } from './command.js'

export async function run({ globals, output }: Invocation): Promise<number> {
  const { listAccounts } = await loadCore()
  const accounts = await listAccounts({ dataDir: globals.dataDir })
  for (const account of accounts) {
    output.result({ account }, (look) => renderAccount(account, look))
  }
  if (accounts.length === 0) output.note('no account yet: sotto account create --relay URL')
  return 0
}
