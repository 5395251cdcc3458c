import { assert, NotFoundError, type AccountId, type Reference } from '@sotto/protocol'
import { sendChange } from '../changes/outgoing.js'
import { settled } from '../conversation/find-message.js'
import { refuseUnwritable } from '../conversation/may-write.js'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import type { OutboxRow } from '../store/tables/outbox.js'
import type { StoredMessage } from '../store/tables/messages.js'
import { createdMs, introduce, unsealedContent } from './compose.js'

/** Whatever waits for its next attempt may be tried at once. The rows that wait. */
export function retryAll(core: Core): readonly OutboxRow[] {
  core.store.transact((tx) => {
    tx.outbox.hasten()
  })
  return core.store.read.outbox.messages()
}

/**
 * Messages that are to be tried now: what waits is due, with whatever goes before it to the same
 * recipient; what failed is queued again under its own id, so that a recipient who has it after all
 * has it once. All of them or, where one cannot be sent, none. If we die before the commit, nothing
 * has changed; after it the messages are queued like any other.
 */
export function retrySends(core: Core, messages: readonly StoredMessage[]): readonly OutboxRow[] {
  const rows = core.store.transact((tx) =>
    messages.map((message) => {
      const row = tx.outbox.ofMessage(message.id)
      if (row === undefined || message.author !== core.own.account)
        return queueAgain(tx, core, message)
      tx.outbox.hastenRecipient(row.recipient)
      return tx.outbox.row(row.row) ?? row
    }),
  )
  core.ports.crashpoint('outbox.requeued')
  return rows
}

function queueAgain(tx: Transactor, core: Core, message: StoredMessage): OutboxRow {
  const { id, author, body, status } = message
  if (author !== core.own.account || status !== 'failed' || body === null) throw settled(message)
  const contact = contactOf(tx, message)
  refuseUnwritable(core, contact)
  if (contact.accessKey !== null) introduce(tx, core, contact)
  const text = { message: id, body, replyTo: replyOf(message), silent: message.silent }
  const row = tx.outbox.add({
    recipient: contact.account,
    kind: 'text',
    content: unsealedContent({ kind: 'text', text }, { sentAtMs: message.sentMs }),
    message: id,
    target: null,
    createdMs: createdMs(core),
    resend: false,
  })
  tellOfEdit(tx, core, { message, recipient: contact.account })
  tx.messages.requeue(author, id)
  tx.record({
    type: 'message.status',
    account: contact.account,
    message: id,
    detail: { status: 'queued' },
  })
  const added = tx.outbox.row(row)
  assert(added !== undefined, 'what was added is there')
  return added
}

/** Who has an earlier text of it takes no second one: the newest comes to them as an edit. */
function tellOfEdit(
  tx: Transactor,
  core: Core,
  { message, recipient }: { readonly message: StoredMessage; readonly recipient: AccountId },
): void {
  const { id, body, revision, editedMs } = message
  if (body === null || editedMs === null) return
  const change = { kind: 'edit', message: id, body, revision } as const
  sendChange(tx, core, { recipient, message, change, sentMs: editedMs })
}

/** Who has the message, or will. Throws `recipient/unknown` for who is no contact any more. */
export function contactOf(tx: Transactor, message: StoredMessage) {
  const peer = tx.contacts.conversation(message.conversation)?.account
  const contact = peer === undefined ? undefined : tx.contacts.byAccount(peer)
  if (contact !== undefined) return contact
  throw new NotFoundError('recipient/unknown', 'the recipient is no contact any more', {
    fix: 'Add them again first: sotto contact add',
  })
}

function replyOf({ replyAuthor, replyId }: StoredMessage): Reference | undefined {
  if (replyAuthor === null || replyId === null) return undefined
  return { author: replyAuthor, message: replyId }
}
