import type { MessageStatus } from '../objects.js'
import type { OwnAccount } from '../store/tables/account.js'

/** Who sends no read receipts is shown none of others, whenever they came. */
export function shownStatus(
  status: MessageStatus,
  { readReceipts }: Pick<OwnAccount, 'readReceipts'>,
): MessageStatus {
  return status === 'read' && !readReceipts ? 'delivered' : status
}
