import { equalBytes, type AccountId } from '@sotto/protocol'
import { refuseUnwritable } from '../conversation/may-write.js'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import type { Lost } from '../store/tables/sent.js'
import { createdMs } from './compose.js'

/** A relay that is put back again and again, or says so, gets each message so many times. */
const TIMES_MAX = 4

/**
 * The relay was put back from a backup, and may have lost what it had accepted since: whatever nobody
 * was seen to receive is queued once more, under its own id, before what waits and in the order in
 * which it was written; and each change of a message, of which nobody says that it has arrived.
 * Whoever has it already does not get it twice. It stays accepted, for no status
 * goes back. Not to whom nothing is sent by itself. Part of the transaction that notes the break: a
 * process that dies before has noted nothing, and the next one does all of it.
 */
export function submitAgain(tx: Transactor, core: Core): void {
  const lost = [...tx.sent.undelivered(core.own.account, TIMES_MAX), ...tx.sent.changes(TIMES_MAX)]
  for (const { recipient, kind, content, message, target } of lost.sort(laterFirst)) {
    if (message !== null && tx.outbox.ofMessage(message) !== undefined) continue
    if (message === null && waits(tx, { target, content })) continue
    if (!isWritable(tx, core, recipient)) continue
    const row = { recipient, kind, content, message, target }
    tx.outbox.addFirst({ ...row, createdMs: createdMs(core), resend: false })
  }
}

/** As each was sent first. */
function laterFirst(one: Lost, other: Lost): number {
  return other.firstRow - one.firstRow
}

function waits(tx: Transactor, { target, content }: Pick<Lost, 'target' | 'content'>): boolean {
  if (target === null) return false
  return tx.outbox.ofTarget(target).some((row) => equalBytes(row.content, content))
}

function isWritable(tx: Transactor, core: Core, account: AccountId): boolean {
  const contact = tx.contacts.byAccount(account)
  if (contact === undefined) return false
  try {
    refuseUnwritable(core, contact)
    return true
  } catch {
    return false // Blocked, or another account has the name of who was verified.
  }
}
