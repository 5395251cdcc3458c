import type { ChangedPassphrase, ChangePassphraseOptions } from '../client.js'
import { isPassphraseNeeded } from '../home/key-vault.js'
import { lockStoreKey, unlockStoreKey } from '../home/move-key.js'
import { acquireOwner } from '../home/owner-lock.js'
import { resolveAccount } from '../home/resolve-account.js'
import { nodePorts } from '../node-ports.js'

/**
 * Locks an account's store key under a passphrase, or under another one; without `next` the
 * passphrase goes away. At every instant the account opens as before or as asked for. Throws
 * `account/busy` while another process owns it, and what opening an account throws.
 */
export async function changePassphrase(
  options: ChangePassphraseOptions,
): Promise<ChangedPassphrase> {
  const { home, account, passphrase, next } = options
  const { crashpoint } = { ...nodePorts(), ...options.ports }
  const vault = passphrase === undefined ? {} : { passphrase }
  const { folder, key, keyIn } = await resolveAccount(home, account, vault)
  const owner = acquireOwner(folder, { command: 'store passphrase', pid: process.pid })
  try {
    if (next !== undefined) {
      const under = await next()
      const moved = await lockStoreKey(folder, key, { crashpoint, under })
      under.wipe()
      return { keyIn: moved.keyIn, changed: true, keyWarning: undefined }
    }
    if (!isPassphraseNeeded(folder)) return { keyIn, changed: false, keyWarning: undefined }
    const moved = await unlockStoreKey(folder, key, { crashpoint })
    return { keyIn: moved.keyIn, changed: true, keyWarning: moved.warning }
  } finally {
    key.wipe()
    owner.release()
  }
}
