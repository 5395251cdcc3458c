import type { Core } from '../core.js'
import { submitAgain } from '../outbox/submit-again.js'
import type { Transactor } from '../store/store.js'

/**
 * The relay was put back from a backup: what it accepted since is lost, and it may hand out one-time
 * prekeys a second time. They are dropped here at once; the next connection gives it others in their
 * place, and its access key and username again. If we die before that, the one after it does.
 * What it had accepted and nobody was seen to receive goes to it again.
 */
export function noteRestored(
  tx: Transactor,
  core: Core,
  /** `atMs`: relay time. */
  { epoch, atMs }: { readonly epoch: number; readonly atMs: number },
): void {
  tx.account.saveRelayEpoch({ epoch, prekeysReplaced: false })
  tx.prekeys.removeOneTime()
  tx.record({ type: 'gap', detail: { count: 0, reason: 'relay-restored' } })
  const happening = { kind: 'gap', reason: 'relay-restored' } as const
  tx.timeline.add({ account: null, atMs, happening, count: 0 })
  submitAgain(tx, core)
}
