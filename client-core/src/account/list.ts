import { base64url } from '@sotto/protocol'
import type { AccountsHere, Home, LocateOptions } from '../client.js'
import { orNull } from '../core.js'
import { timestamp } from '../times.js'
import { defaultAccount, setDefaultFolder } from '../home/home.js'
import {
  byAge,
  openAllFolders,
  openLocked,
  resolveAccount,
  type LocalAccount,
} from '../home/resolve-account.js'
import type { AccountDetailObject } from '../objects.js'

/**
 * The accounts of a home, by age, and how many more are locked. A passphrase is asked for once
 * where one could help; none, or a wrong one, only leaves what it does not open locked. Opens no
 * store and takes no ownership.
 */
export async function listAccounts({ home, passphrase }: LocateOptions): Promise<AccountsHere> {
  const { accounts, locked, closed } = await openAllFolders(home)
  const given = locked.length === 0 ? undefined : await passphrase?.(1)
  const unlocked = given === undefined ? [] : await openLocked(locked, given)
  given?.wipe()
  return {
    accounts: byAge([...accounts, ...unlocked]).map((account) => detailOf(home, account)),
    locked: locked.length - unlocked.length,
    closed,
  }
}

/** The account that `openClient` would open. Throws what it throws, but opens no store either. */
export async function showAccount(options: LocateOptions): Promise<AccountDetailObject> {
  return detailOf(options.home, await locate(options))
}

/** Makes it the default, the one that is meant where none is named. Throws as `showAccount` does. */
export async function useAccount(options: LocateOptions): Promise<AccountDetailObject> {
  const account = await locate(options)
  setDefaultFolder(options.home, account.folder)
  return detailOf(options.home, account)
}

async function locate({ home, account, passphrase }: LocateOptions): Promise<LocalAccount> {
  return resolveAccount(home, account, passphrase === undefined ? {} : { passphrase })
}

function detailOf(home: Home, { folder, label, key, keyIn }: LocalAccount): AccountDetailObject {
  key.wipe()
  return {
    id: label.account,
    username: label.username,
    device: label.device,
    relay: label.relay,
    name: orNull(label.name),
    status: orNull(label.status),
    readReceipts: label.readReceipts,
    typing: label.typing,
    relayRoot: base64url(label.relayRoot),
    createdAt: timestamp(label.createdAtMs),
    keyIn,
    path: folder.path,
    default: folder.name === defaultAccount(home)?.name,
  }
}
