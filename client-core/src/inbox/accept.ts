import { NotFoundError, type AccountId } from '@sotto/protocol'
import { noteMet } from '../conversation/note-identity.js'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import type { Contact } from '../store/tables/contacts.js'
import type { NewMessage } from '../store/tables/messages.js'
import { deliveredReceiptDue } from './receipts.js'

/** Somebody becomes known: what was held of them is received, and what was let go is told. */
export function accept(tx: Transactor, core: Core, account: AccountId): Contact {
  const contact = tx.contacts.byAccount(account)
  if (contact === undefined)
    throw new NotFoundError('recipient/unknown', 'there is no such contact')
  if (contact.trust === 'known') return contact
  const known: Contact = { ...contact, trust: 'known', heldDropped: 0 }
  tx.contacts.save(known)
  noteMet(tx, core, account)
  tx.record({ type: 'contact.changed', account })
  const held = tx.messages.heldOf(account)
  if (contact.heldDropped > 0) {
    const count = contact.heldDropped
    tx.record({ type: 'gap', account, detail: { count, reason: 'held' } })
    // The first text is never let go: what was stood behind it.
    const atMs = held[0]?.arrivalMs ?? core.relayNowMs()
    tx.timeline.add({ account, atMs, happening: { kind: 'gap', reason: 'held' }, count })
  }
  tx.messages.release(account)
  for (const message of held) announce(tx, core, { ...message, held: false })
  return known
}

/** A message of a contact: journalled, out of the archive, and a delivered receipt falls due. */
export function announce(tx: Transactor, core: Core, message: NewMessage): void {
  tx.record({
    type: 'message.received',
    account: message.author,
    device: message.device,
    message: message.id,
  })
  tx.conversations.stir(message.conversation, core.ports.clock.nowMs())
  deliveredReceiptDue(tx, core, message)
}
