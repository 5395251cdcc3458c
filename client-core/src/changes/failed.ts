import { decodeContent, errorObject, isChange, type SottoError } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import type { OutboxRow } from '../store/tables/outbox.js'

/**
 * An own change will not be sent: it stands here and nowhere else, and the conversation and the journal
 * say so. Part of the transaction that takes its row off the outbox. What answers a decryption error,
 * or is no change, fails without a word.
 */
export function recordFailedChange(
  tx: Transactor,
  core: Core,
  row: OutboxRow,
  error: SottoError,
): void {
  const { content } = decodeContent(row.content)
  if (row.resend || row.target === null || !isChange(content)) return
  const told = errorObject(error)
  const change = content.kind
  const { recipient: account, target: message } = row
  tx.record({ type: 'change.failed', account, message, detail: { change, error: told } })
  tx.timeline.add({
    ...{ account, atMs: core.relayNowMs() },
    happening: { kind: 'change-failed', change, message, error: told, outbox: row.row },
  })
}
