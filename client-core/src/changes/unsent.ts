import { decodeContent } from '@sotto/protocol'
import { unsealedContent } from '../outbox/compose.js'
import type { Reader, Transactor } from '../store/store.js'
import type { StoredMessage } from '../store/tables/messages.js'

/**
 * Whether anybody else may have an own message: it was sealed once. What only waits, or failed before
 * it was sealed, is still ours alone.
 */
export function hasLeft({ outbox }: Pick<Reader, 'outbox'>, message: StoredMessage): boolean {
  const { status, mayHaveArrived, id } = message
  if (mayHaveArrived) return true
  if (status === 'failed') return false
  return status !== 'queued' || outbox.ofMessage(id)?.state !== 'queued'
}

/** Written anew before anybody has seen it: that is its first text, and nobody is told of another. */
export function rewriteUnsent(tx: Transactor, message: StoredMessage, body: string): void {
  const { author, id, conversation } = message
  tx.changes.setBody(message, body, null)
  const row = tx.outbox.ofMessage(id)
  const peer = tx.contacts.conversation(conversation)?.account ?? author
  tx.record({
    ...{ type: 'message.edited', account: peer, message: id },
    detail: { author, by: author },
  })
  if (row === undefined) return
  const { content, ...said } = decodeContent(row.content)
  if (content.kind !== 'text') return
  const text = { ...content.text, body }
  tx.outbox.setContent(row.row, {
    kind: row.kind,
    content: unsealedContent({ kind: 'text', text }, said),
  })
}

/**
 * A message is gone here. What still waits of it is sent to nobody, and what was sent not again. What
 * was sealed may have reached the relay although no answer came.
 */
export function takeBack(tx: Transactor, message: StoredMessage): void {
  const { id, status } = message
  tx.changes.remove(message)
  if (status === 'received') return
  const row = tx.outbox.ofMessage(id)
  if (row !== undefined) tx.outbox.remove(row.row)
  for (const { row: waiting, state, resend } of tx.outbox.ofTarget(id))
    if (resend || (row !== undefined && state === 'queued')) tx.outbox.remove(waiting)
  tx.sent.removeMessage(id)
}
