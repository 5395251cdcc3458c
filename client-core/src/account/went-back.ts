import { withoutCurrentState } from '../session/resets.js'
import type { Transactor } from '../store/store.js'

/**
 * The store is an earlier state of itself: what it sealed since is forgotten, and with it which keys
 * of which ratchets have been used. No session goes on from where it stands: what is sealed next
 * begins new ones, what others sealed in the old ones still opens where it can. Prekeys of ours may
 * have been used since, and others published that are lost: the next connection replaces them.
 */
export function noteWentBack(tx: Transactor, atMs: number): void {
  for (const session of tx.peers.allSessions()) tx.peers.saveSession(withoutCurrentState(session))
  const known = tx.account.relayEpoch()
  if (known !== undefined) tx.account.saveRelayEpoch({ ...known, prekeysReplaced: false })
  tx.prekeys.removeOneTime()
  tx.record({ type: 'gap', detail: { count: 0, reason: 'store-damaged' } })
  const happening = { kind: 'gap', reason: 'store-damaged' } as const
  tx.timeline.add({ account: null, atMs, happening, count: 0 })
}
