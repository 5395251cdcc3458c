import type { AccountId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import { noteIdentity } from './note-identity.js'

/** A person compared the safety number, or takes that back. In the lane: see `PeersWriter`. */
export function setVerified(
  tx: Transactor,
  core: Core,
  change: { readonly account: AccountId; readonly verified: boolean },
): void {
  const { account, verified } = change
  if (!tx.peers.setVerified(account, verified)) return
  noteIdentity(tx, core, { account, change: verified ? 'verified' : 'reset', other: null })
  tx.record({ type: 'contact.changed', account })
}
