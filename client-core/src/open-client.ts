import { PREKEY_STOCK } from '@sotto/protocol'
import { noteWentBack } from './account/went-back.js'
import type { Client, OpenOptions } from './client.js'
import { defaultAccount, homeWarnings, storePath, type AccountFolder } from './home/home.js'
import { labelKeeper } from './home/label.js'
import { acquireOwner, type Owner } from './home/owner-lock.js'
import { openFolder, resolveAccount, type LocalAccount } from './home/resolve-account.js'
import { nodePorts } from './node-ports.js'
import { OpenedClient } from './opened-client.js'
import type { Ports } from './ports.js'
import { forgetWentBack, wentBack } from './store/left-log.js'
import { Store } from './store/store.js'

/**
 * Opens an account and owns it until `close`. Throws `account/busy` while another process owns it,
 * `account/none`, `account/ambiguous`, `store/locked`.
 */
export async function openClient(options: OpenOptions): Promise<Client> {
  const { home, account, command = 'sotto', passphrase } = options
  const vault = passphrase === undefined ? {} : { passphrase }
  const own = (folder: AccountFolder): Owner => acquireOwner(folder, { command, pid: process.pid })
  const known = account === undefined ? defaultAccount(home) : undefined
  // Owned before it is unlocked, where that can be: nobody is asked for a passphrase in vain.
  if (known !== undefined) return openAndServe(options, own(known), openFolder(known, vault))
  const local = await resolveAccount(home, account, vault)
  return openAndServe(options, own(local.folder), Promise.resolve(local))
}

async function openAndServe(
  options: OpenOptions,
  owner: Owner,
  opening: Promise<LocalAccount>,
): Promise<Client> {
  try {
    const local = await opening
    try {
      const client = openOwned(local, owner, options)
      await client.serve(options, local.folder)
      return client
    } finally {
      local.key.wipe()
    }
  } catch (thrown) {
    owner.release()
    throw thrown
  }
}

/**
 * Opens an account that this process owns already, and serves it to nobody. Gives the ownership up
 * when it is closed. Throws `account/none` where its store has no account in it.
 */
export function openOwned(local: LocalAccount, owner: Owner, options: OpenOptions): OpenedClient {
  const ports: Ports = { ...nodePorts(), ...options.ports }
  const path = storePath(local.folder)
  const store = Store.open({ path, key: local.key, clock: ports.clock })
  if (wentBack(path)) {
    store.transact((tx) => noteWentBack(tx, ports.clock.nowMs()))
    forgetWentBack(path) // If we die before, it is noted once more, which does no harm.
  }
  const warnings = [
    ...(local.warning === undefined ? [] : [local.warning]),
    ...homeWarnings(options.home),
  ]
  return new OpenedClient(store, owner, {
    ports,
    transport: options.ports?.transport,
    proxy: options.proxy ?? {},
    relayWaitMs: options.relayWaitMs,
    prekeyStock: PREKEY_STOCK,
    keepLabel: labelKeeper(local.folder, local),
    acceptEveryone: options.acceptEveryone ?? false,
    warnings,
  })
}
