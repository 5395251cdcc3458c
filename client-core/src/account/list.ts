import { base64url } from '@sotto/protocol'
import type { Home } from '../client.js'
import { timestamp } from '../conversation/views.js'
import { defaultAccount } from '../home/home.js'
import { openAllFolders, resolveAccount, type LocalAccount } from '../home/resolve-account.js'
import type { AccountDetailObject } from '../objects.js'

/** The accounts of a home, by age. Opens no store and takes no ownership. */
export async function listAccounts(home: Home): Promise<readonly AccountDetailObject[]> {
  const { accounts } = await openAllFolders(home)
  return accounts.map((account) => detailOf(home, account))
}

/** The account that `openClient` would open. Throws what it throws, but opens no store either. */
export async function showAccount(
  home: Home,
  name: string | undefined,
): Promise<AccountDetailObject> {
  return detailOf(home, await resolveAccount(home, name))
}

function detailOf(home: Home, { folder, label, keyIn }: LocalAccount): AccountDetailObject {
  return {
    id: label.account,
    username: label.username,
    device: label.device,
    relay: label.relay,
    relayRoot: base64url(label.relayRoot),
    createdAt: timestamp(label.createdAtMs),
    keyIn,
    path: folder.path,
    default: folder.name === defaultAccount(home)?.name,
  }
}
