import type { AccountId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import type { IdentityEvent } from '../store/tables/identity-log.js'

/** Somebody became known: from now on their safety number has a history. */
export function noteMet(tx: Transactor, core: Core, account: AccountId): void {
  tx.identityLog.add({ atMs: core.ports.clock.nowMs(), account, event: 'met', other: null })
}

/** Something happened to a safety number: it stands in its history, and in the conversation. */
export function noteIdentity(
  tx: Transactor,
  core: Core,
  noted: {
    readonly account: AccountId
    readonly change: Exclude<IdentityEvent, 'met'>
    readonly other: AccountId | null
  },
): void {
  const { account, change, other } = noted
  tx.identityLog.add({ atMs: core.ports.clock.nowMs(), account, event: change, other })
  tx.timeline.add({
    ...{ account, atMs: core.relayNowMs() },
    happening: { kind: 'identity', change, other },
  })
}
