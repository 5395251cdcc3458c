import {
  StorageError,
  accountIdBytes,
  deriveAccountId,
  equalBytes,
  type Bytes,
} from '@sotto/protocol'
import { sha256 } from '../sha256.js'
import type { SomeAccount, Store } from '../store/port.js'

/** Whether an account was made at the relay with this root key: its id says so. */
export function isOfRelay({ account, identityKey }: SomeAccount, rootKey: Bytes): boolean {
  const keys = { relayRoot: rootKey, identity: identityKey }
  const derived = deriveAccountId(keys, sha256)
  return equalBytes(account, accountIdBytes(derived))
}

/**
 * Throws `store/damaged` where the accounts in a store are another relay's than the keys: clients
 * would take a relay that serves them for an attack.
 */
export async function checkRelayOf(store: Store, rootKey: Bytes): Promise<void> {
  const account = await store.findSomeAccount()
  if (account === undefined || isOfRelay(account, rootKey)) return
  throw new StorageError('store/damaged', 'the keys are of another relay than the database', {
    fix: 'Put back the keys folder that belongs to this database: its accounts belong to the root key in it.',
  })
}
