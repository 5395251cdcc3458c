import type { AccountId } from '@sotto/protocol'
import { refuseUnwritable } from '../conversation/may-write.js'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import { createdMs } from './compose.js'

/** A relay that is put back again and again, or says so, gets each message so many times. */
const TIMES_MAX = 4

/**
 * The relay was put back from a backup, and may have lost what it had accepted since: whatever nobody
 * was seen to receive is queued once more, under its own id, before what waits and in the order in
 * which it was written. Whoever has it already does not get it twice. It stays accepted, for no status
 * goes back. Not to whom nothing is sent by itself. Part of the transaction that notes the break: a
 * process that dies before has noted nothing, and the next one does all of it.
 */
export function submitAgain(tx: Transactor, core: Core): void {
  for (const { recipient, kind, content, message } of tx.sent.undelivered(
    core.own.account,
    TIMES_MAX,
  )) {
    if (message === null || tx.outbox.ofMessage(message) !== undefined) continue
    if (!isWritable(tx, core, recipient)) continue
    const row = { recipient, kind, content, message }
    tx.outbox.addFirst({ ...row, createdMs: createdMs(core), resend: false })
  }
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
