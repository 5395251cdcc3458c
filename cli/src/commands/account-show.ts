import { loadCore } from '../core.js'
import { renderAccountDetail } from '../print/lines.js'
import type { Invocation } from './command.js'

export async function run({ globals, output }: Invocation): Promise<number> {
  const { showAccount } = await loadCore()
  const account = await showAccount({ dataDir: globals.dataDir }, globals.account)
  output.result({ account }, (look) => renderAccountDetail(account, look))
  return 0
}
