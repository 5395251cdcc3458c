import type { AccountId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'

/** Somebody became known: from now on their safety number has a history. */
export function noteMet(tx: Transactor, core: Core, account: AccountId): void {
  tx.identityLog.add({ atMs: core.ports.clock.nowMs(), account, event: 'met', other: null })
}
