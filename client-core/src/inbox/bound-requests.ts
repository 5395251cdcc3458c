import type { AccountId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'

/** Message requests kept undecided at a time; beyond it the oldest gives way. */
export const REQUESTS_MAX = 1000

/**
 * Lets the oldest undecided requests go until `newest` is one of at most REQUESTS_MAX: their texts,
 * names and conversations. Each is told as a `gap` that says whose and how many texts; nothing goes
 * to them, and what they write next is a request again. A request about which somebody has decided
 * anything (a local name, a block, a compared number), or that has a contact's username, never goes.
 */
export function boundRequests(tx: Transactor, core: Core, newest: AccountId): void {
  for (const { account, heldDropped } of tx.contacts.requestsBeyond(REQUESTS_MAX, newest)) {
    const count = tx.messages.removeHeld(account) + heldDropped
    tx.contacts.remove(account, core.relayNowMs())
    tx.record({ type: 'gap', account, detail: { count, reason: 'held' } })
    tx.timeline.forgetNames(account)
    const happening = { kind: 'gap', reason: 'held' } as const
    tx.timeline.add({ account, atMs: core.relayNowMs(), happening, count })
  }
}
