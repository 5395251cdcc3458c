import type { ConversationId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import type { StoredMessage } from '../store/tables/messages.js'

/** Receipts wait a random while, so that their moment does not tell whose message they answer. */
const DELAYS = {
  delivered: { meanMs: 2_000, maxMs: 10_000 },
  read: { meanMs: 5_000, maxMs: 30_000 },
} as const

/** The longest a receipt waits. */
export const RECEIPT_DELAY_MS_MAX = DELAYS.read.maxMs

type Received = Pick<StoredMessage, 'author' | 'id'>

export function deliveredReceiptDue(tx: Transactor, core: Core, message: Received): void {
  receiptDue(tx, core, 'delivered', message)
}

/** Marks what has arrived in a conversation as read, by hand too; read receipts fall due, where any are sent. */
export function markRead(tx: Transactor, core: Core, conversation: ConversationId): void {
  for (const message of tx.messages.unseenOf(conversation)) {
    tx.messages.markSeen(message.author, message.id)
    if (core.account.readReceipts) receiptDue(tx, core, 'read', message)
  }
  tx.conversations.markUnread(conversation, false)
}

function receiptDue(
  tx: Transactor,
  core: Core,
  type: 'delivered' | 'read',
  message: Received,
): void {
  const { clock, random } = core.ports
  const { meanMs, maxMs } = DELAYS[type]
  const delayMs = Math.min(maxMs, -Math.log(1 - random.fraction()) * meanMs)
  tx.outbox.addReceiptDue({
    recipient: message.author,
    type,
    message: message.id,
    dueMs: Math.ceil(clock.nowMs() + delayMs),
  })
}
