import { ACCESS_KEY_BYTES, assert } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { IdentifiedDoor } from '../net/identified-door.js'
import type { Transactor } from '../store/store.js'
import { spreadProfile } from './profile.js'

/**
 * Takes everybody's leave to write, in the caller's transaction: a new access key that nobody has
 * yet. The one before stays good, and is what profiles carry, until upkeep has told the relay; then
 * it dies, and contacts who are not blocked get the new one. After the commit call
 * `connection.refresh`, and it happens at once where the relay is online.
 */
export function rotateAccessKey(tx: Transactor, core: Core): void {
  tx.account.setPendingAccessKey(core.ports.random.bytes(ACCESS_KEY_BYTES))
}

/**
 * Gives the relay the access key it has not heard of, where there is one. If we die before it is
 * noted that the relay has it, it is given again; contacts who try the old key meanwhile fall back
 * to a stranger's leave.
 */
export async function publishAccessKey(
  core: Core,
  door: Pick<IdentifiedDoor, 'setAccessKey'>,
): Promise<void> {
  for (;;) {
    const key = core.store.read.account.own()?.pendingAccessKey ?? null
    if (key === null) return
    core.ports.crashpoint('access-key.stored')
    await door.setAccessKey({ current: key, previous: new Uint8Array(0) })
    core.ports.crashpoint('access-key.published')
    core.store.transact((tx) => {
      const own = tx.account.own()
      assert(own !== undefined, 'an account does not go away')
      tx.account.setAccessKey(key)
      tx.account.saveProfile(own)
      spreadProfile(tx, core)
    })
    core.reloadAccount()
  }
}
