import { decodeContent, type Content } from '@sotto/protocol'
import type { Transactor } from '../store/store.js'

/**
 * From the commit on read receipts are sent, or none is: what waited for its moment or for the relay
 * goes no more, but for what is being submitted just then. Afterwards call `core.reloadAccount`.
 */
export function switchReadReceipts(tx: Transactor, on: boolean): void {
  tx.account.setReadReceipts(on)
  if (on) return
  tx.outbox.forgetReceiptsOfType('read')
  for (const row of tx.outbox.everyOfKind('receipt'))
    if (isReadReceipt(decodeContent(row.content).content)) tx.outbox.remove(row.row)
}

/** Says that its author has read something. */
export function isReadReceipt(
  content: Content,
): content is Extract<Content, { kind: 'receipt' }> & { readonly type: 'read' } {
  return content.kind === 'receipt' && content.type === 'read'
}
