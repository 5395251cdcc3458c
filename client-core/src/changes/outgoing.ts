import { decodeContent, equalBytes, type AccountId, type Bytes, type Change } from '@sotto/protocol'
import type { Core } from '../core.js'
import { createdMs, unsealedContent } from '../outbox/compose.js'
import type { Transactor } from '../store/store.js'
import type { StoredMessage } from '../store/tables/messages.js'
import type { OutboxRow } from '../store/tables/outbox.js'

/** An own change for whoever has the message. */
export interface Outgoing {
  readonly recipient: AccountId
  readonly message: StoredMessage
  readonly change: Change
  /** Our clock. */
  readonly sentMs: number
}

/**
 * A change goes behind its message, first in first out. One of the same kind that waits and was never
 * sealed becomes this one. Undefined where the relay has lately accepted just this; else its row.
 */
export function sendChange(tx: Transactor, core: Core, outgoing: Outgoing): number | undefined {
  const { recipient, message, change, sentMs } = outgoing
  const content = unsealedContent(change, { sentAtMs: sentMs })
  if (change.kind === 'delete') replaceTexts(tx, message, content)
  const waiting = tx.outbox
    .ofTarget(message.id)
    .findLast((row) => row.kind === change.kind && !row.resend && isOf(row, message))
  if (waiting !== undefined && equalBytes(waiting.content, content)) return waiting.row
  if (waiting?.state === 'queued') {
    tx.outbox.setContent(waiting.row, { kind: change.kind, content })
    return waiting.row
  }
  if (tx.sent.hasChange({ kind: change.kind, target: message.id, content })) return undefined
  return tx.outbox.add({
    ...{ recipient, kind: change.kind, content, message: null, target: message.id },
    ...{ createdMs: createdMs(core), resend: false },
  })
}

/**
 * Nothing of the text of a deleted message stays: what waits to carry it, and what is kept for whoever
 * could not open it, says that it is deleted instead. What is sealed goes as it is, and then this.
 */
function replaceTexts(tx: Transactor, { id }: StoredMessage, told: Bytes): void {
  const carrying = tx.outbox.ofMessage(id)
  for (const row of [...(carrying === undefined ? [] : [carrying]), ...tx.outbox.ofTarget(id)]) {
    if (row.kind === 'reaction' || row.kind === 'delete') continue
    if (row.kind === 'edit' && row.state === 'queued' && !row.resend) tx.outbox.remove(row.row)
    else tx.outbox.replaceWithDelete(row.row, repeating(row, told))
  }
  tx.sent.replaceTexts(id, told)
}

/** What is sent once more says for what. */
function repeating(row: OutboxRow, told: Bytes): Bytes {
  const { resent } = decodeContent(row.content)
  if (resent === undefined) return told
  const { content, sentAtMs } = decodeContent(told)
  return unsealedContent(content, { sentAtMs, resent })
}

/** Two people's messages may have one id. */
function isOf({ content }: OutboxRow, { author }: StoredMessage): boolean {
  const { content: change } = decodeContent(content)
  return change.kind !== 'reaction' || change.target.author === author
}
