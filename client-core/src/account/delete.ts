import { existsSync } from 'node:fs'
import { AccountError, SottoError, StorageError } from '@sotto/protocol'
import type { DeleteAccountOptions, DeletedAccount } from '../client.js'
import { eraseAccount, finishErasing } from '../home/erase.js'
import { storePath, type AccountFolder } from '../home/home.js'
import type { AccountLabel } from '../home/label.js'
import { acquireOwner, type Owner } from '../home/owner-lock.js'
import { isMeant, openFolder, resolveAccount, type LocalAccount } from '../home/resolve-account.js'
import { nodePorts } from '../node-ports.js'
import type { AccountObject } from '../objects.js'
import { openOwned } from '../open-client.js'
import type { Ports } from '../ports.js'
import { Store } from '../store/store.js'

/**
 * Deletes an account: at its relay, then here. `before` has the account open, with everything that
 * waited at the relay, and nothing is deleted unless it succeeds. If we die half way, the same again
 * finishes it. Throws `relay/unreachable` with nothing deleted, `account/busy` while another process
 * owns it, and what opening an account throws.
 */
export async function deleteAccount(options: DeleteAccountOptions): Promise<DeletedAccount> {
  const ports: Ports = { ...nodePorts(), ...options.ports }
  const finished = await finishDeletions(options)
  if (finished !== undefined)
    return { account: accountOf(finished), atRelay: options.local !== true }
  const local = await locate(options)
  try {
    return await deleteLocated(local, options, ports)
  } finally {
    local.key.wipe()
  }
}

async function deleteLocated(
  local: LocalAccount,
  options: DeleteAccountOptions,
  ports: Ports,
): Promise<DeletedAccount> {
  const account = accountOf(local.label)
  await options.confirm?.(account)
  const owner = acquireOwner(local.folder, { command: 'account delete', pid: process.pid })
  try {
    // Without what was in its store it left the relay before, by a process that died then.
    if (hasAccount(local, ports)) await leave(local, options)
    ports.crashpoint('account.deleted')
    await eraseAccount(options.home, local.folder, { crashpoint: ports.crashpoint })
    return { account, atRelay: options.local !== true }
  } finally {
    owner.release()
  }
}

/** Whoever opened it since the store was removed made an empty one. */
function hasAccount({ folder, key }: LocalAccount, { clock }: Ports): boolean {
  if (!existsSync(storePath(folder))) return false
  const store = Store.open({ path: storePath(folder), key, clock })
  try {
    return store.read.account.own() !== undefined
  } finally {
    store.close()
  }
}

/** The relay forgets the account, unless it shall not, or has. */
async function leave(local: LocalAccount, options: DeleteAccountOptions): Promise<void> {
  const isKnown = options.local !== true && (await leaveRelay(local, options))
  // A relay that does not know us ends a client for good: what is here is read by another one.
  if (!isKnown && options.before !== undefined)
    await opened(local, options, async (client) => options.before?.(client))
}

/** False where the relay knows this device no more, and nothing has been done. */
async function leaveRelay(local: LocalAccount, options: DeleteAccountOptions): Promise<boolean> {
  try {
    await opened(local, options, async (client) => {
      await client.connection.whenOnline(0)
      if (options.before !== undefined) {
        await client.call('relay.catchUp', {})
        await options.before(client)
      }
      await client.connection.deleteAccount()
    })
    return true
  } catch (thrown) {
    if (thrown instanceof SottoError && thrown.code === 'device/unlinked') return false
    throw thrown
  }
}

type Opened = ReturnType<typeof openOwned>

async function opened(
  local: LocalAccount,
  options: DeleteAccountOptions,
  work: (client: Opened) => Promise<void>,
): Promise<void> {
  const client = openOwned(local, KEPT, options)
  try {
    await work(client)
  } finally {
    await client.close()
  }
}

/** The ownership lasts longer than the client: until nothing is left to own. */
const KEPT: Owner = { announce: () => true, release: () => undefined }

async function locate({ home, account, passphrase }: DeleteAccountOptions): Promise<LocalAccount> {
  return resolveAccount(home, account, passphrase === undefined ? {} : { passphrase })
}

/**
 * What an earlier process began to remove goes; answers whose it was, where that is what is meant.
 * Who named nobody meant that account, and never the next that is the only one left.
 */
async function finishDeletions(options: DeleteAccountOptions): Promise<AccountLabel | undefined> {
  const { home, account: name } = options
  let meant: AccountLabel | undefined
  let count = 0
  await finishErasing(home, async (folder) => {
    count += 1
    const label = await labelOf(folder)
    if (label !== undefined && (name === undefined || isMeant(label, name))) meant = label
  })
  if (count === 0 || meant !== undefined || name !== undefined) return meant
  throw new AccountError('account/none', 'a deletion that had been begun is finished now', {
    fix: 'To delete another account, name it: sotto account list',
  })
}

/** Undefined where its key is gone already, or locked. */
async function labelOf(folder: AccountFolder): Promise<AccountLabel | undefined> {
  try {
    const { key, label } = await openFolder(folder)
    key.wipe()
    return label
  } catch (thrown) {
    if (thrown instanceof StorageError) return undefined
    throw thrown
  }
}

function accountOf(label: AccountLabel): AccountObject {
  const { account, username, device, relay } = label
  return { id: account, username, device, relay }
}
