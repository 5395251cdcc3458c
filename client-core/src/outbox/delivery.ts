import {
  errorObject,
  UnavailableError,
  type AccountId,
  type MessageId,
  type SottoError,
} from '@sotto/protocol'
import { recordFailedChange } from '../changes/failed.js'
import { directConversation } from '../conversation/conversation-id.js'
import type { Core } from '../core.js'
import type { MessageStatus } from '../objects.js'
import type { Transactor } from '../store/store.js'
import type { OutboxRow } from '../store/tables/outbox.js'
import { profileVersionIn } from './compose.js'
import { noteSent } from './resend.js'

/**
 * tx3 of a send: the relay has it. `arrivalMs` is undefined where the relay knew it already and has
 * forgotten when it came. If we die before the commit, the same bytes are submitted again.
 */
export function recordAccepted(core: Core, row: OutboxRow, arrivalMs: number | undefined): void {
  core.store.transact((tx) => {
    // Sealing may have made a request of it since it was read.
    const sealed = tx.outbox.row(row.row) ?? row
    noteProfileSent(tx, sealed)
    noteSent(tx, core, sealed)
    tx.outbox.remove(row.row)
    const { account } = core.own
    // What was accepted before, by a relay that was put back since, keeps its place.
    if (row.message === null || tx.messages.get(account, row.message)?.status === 'accepted') return
    if (arrivalMs === undefined) tx.messages.setArrivalAfterSent(account, row.message)
    else tx.messages.setArrival(account, row.message, arrivalMs)
    recordStatus(tx, core, { peer: row.recipient, message: row.message, status: 'accepted' })
  })
  core.ports.crashpoint('send.accepted')
}

/** A message that will not be sent any more: it stays, and says so. */
export function recordFailed(core: Core, row: OutboxRow, error: SottoError): void {
  core.store.transact((tx) => {
    failMessage(tx, core, row, error)
  })
  core.ports.log.warn('outbox.failed', { attempts: row.attempts + 1 })
}

/** Nothing waits for somebody any more: messages say why, the rest goes without a word. */
export function cancelAllTo(
  tx: Transactor,
  core: Core,
  recipient: AccountId,
  error: SottoError,
): void {
  for (const row of tx.outbox.ofRecipient(recipient)) failMessage(tx, core, row, error)
  tx.outbox.forgetReceiptsDue(recipient)
}

/** A row goes off the outbox unsent. What is being submitted just then may still arrive. */
export function failMessage(tx: Transactor, core: Core, row: OutboxRow, error: SottoError): void {
  tx.outbox.remove(row.row)
  if (row.message === null) {
    recordFailedChange(tx, core, row, error)
    return
  }
  if (row.state === 'sealed') tx.messages.noteMayHaveArrived(core.own.account, row.message)
  const told = errorObject(error)
  if (!tx.messages.fail(core.own.account, row.message, told)) return
  tx.messages.setArrivalAfterSent(core.own.account, row.message)
  const detail = { status: 'failed', error: told } as const
  tx.record({ type: 'message.status', account: row.recipient, message: row.message, detail })
}

/**
 * An own message to `peer` has come further; what it has passed already changes nothing, and
 * neither does a peer to whom it was never sent.
 */
export function recordStatus(tx: Transactor, core: Core, change: StatusChange): void {
  if (!wasSentTo(tx, core, change)) return
  if (!tx.messages.advance(core.own.account, change.message, change.status)) return
  tx.record({
    type: 'message.status',
    account: change.peer,
    message: change.message,
    detail: { status: change.status },
  })
}

/**
 * Their device says so, in a receipt that the relay took at `atMs`. The first of a kind counts. Who
 * sends no read receipts learns from one that the message was delivered, and no more.
 */
export function recordReceipt(
  tx: Transactor,
  core: Core,
  told: StatusChange & { readonly status: 'delivered' | 'read'; readonly atMs: number },
): void {
  const receipt = core.account.readReceipts ? told : { ...told, status: 'delivered' as const }
  if (!wasSentTo(tx, core, receipt)) return
  tx.messages.addReceipt({
    message: receipt.message,
    account: receipt.peer,
    status: receipt.status,
    atMs: receipt.atMs,
  })
  // A receipt before the relay's answer: the message is no longer behind all others.
  const { account } = core.own
  if (tx.messages.get(account, receipt.message)?.status === 'queued')
    tx.messages.setArrivalAfterSent(account, receipt.message)
  recordStatus(tx, core, receipt)
}

interface StatusChange {
  readonly peer: AccountId
  readonly message: MessageId
  readonly status: MessageStatus
}

function wasSentTo(tx: Transactor, core: Core, { peer, message }: StatusChange): boolean {
  const sent = tx.messages.get(core.own.account, message)
  return sent?.conversation === directConversation(core.own.account, peer).id
}

export function expired(): UnavailableError {
  return new UnavailableError('message/expired', 'the message could not be delivered for 14 days', {
    fix: 'Send it again.',
  })
}

export function cancelled(): UnavailableError {
  return new UnavailableError('message/cancelled', 'the message was taken back', {
    fix: 'To send it after all: sotto outbox retry, with its id.',
  })
}

/** A profile or a request carried our profile; the recipient has that version of it now. */
function noteProfileSent(tx: Transactor, row: OutboxRow): void {
  if (row.kind !== 'profile' && row.kind !== 'request') return
  const contact = tx.contacts.byAccount(row.recipient)
  if (contact !== undefined) tx.contacts.save({ ...contact, profileSent: profileVersionIn(row) })
}
