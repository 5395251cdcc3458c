import { base64url } from '@sotto/protocol'
import type { Home } from '../client.js'
import { timestamp } from '../conversation/views.js'
import { defaultAccount } from '../home/home.js'
import { openAllFolders } from '../home/resolve-account.js'
import type { AccountDetailObject } from '../objects.js'

/** The accounts of a home, by age. Opens no store and takes no ownership. */
export async function listAccounts(home: Home): Promise<readonly AccountDetailObject[]> {
  const { accounts } = await openAllFolders(home)
  const chosen = defaultAccount(home)
  return accounts.map(({ folder, label, keyIn }) => ({
    id: label.account,
    username: label.username,
    device: label.device,
    relay: label.relay,
    relayRoot: base64url(label.relayRoot),
    createdAt: timestamp(label.createdAtMs),
    keyIn,
    path: folder.path,
    default: folder.name === chosen?.name,
  }))
}
