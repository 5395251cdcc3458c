import { rotateAccessKey } from '../account/access-key.js'
import type { Core } from '../core.js'
import { introduce } from '../outbox/compose.js'
import { cancelAllTo } from '../outbox/delivery.js'
import type { Transactor } from '../store/store.js'
import { newContact, type Contact } from '../store/tables/contacts.js'
import { blocked } from './may-write.js'
import { findContact } from './find-contact.js'
import { parseRecipient, resolve } from './recipient.js'

/**
 * Local and at once: what they write is dropped before it is opened, what waited for them is not
 * sent and says so. Then the access key they may have is replaced; the others get the new one.
 */
export async function blockContact(core: Core, to: string): Promise<Contact> {
  const contact = findOrName(core, to)
  // In the lane: nothing is being sealed for them while their rows go.
  return core.lane.run(async () => {
    const result = core.store.transact((tx) => {
      const now = tx.contacts.byAccount(contact.account) ?? contact
      return now.blocked ? now : block(tx, core, now)
    })
    core.reloadAccount()
    return result
  })
}

function block(tx: Transactor, core: Core, contact: Contact): Contact {
  const { account } = contact
  const now: Contact = { ...contact, blocked: true, profileSent: 0 }
  const error = blocked(core.views.nameOf(account))
  tx.contacts.save(now)
  cancelAllTo(tx, core, account, error)
  tx.record({ type: 'contact.changed', account })
  noteBlock(tx, core, now)
  rotateAccessKey(tx, core)
  return now
}

function noteBlock(tx: Transactor, core: Core, { account, blocked }: Contact): void {
  tx.timeline.add({ account, atMs: core.relayNowMs(), happening: { kind: 'block', blocked } })
}

/** They are read and written to again; a contact gets the access key that we have now. */
export function unblockContact(core: Core, to: string): Contact {
  const { account } = findContact(core, to)
  return core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(account) ?? findContact(core, to)
    if (!contact.blocked) return contact
    const now: Contact = { ...contact, blocked: false }
    tx.contacts.save(now)
    tx.record({ type: 'contact.changed', account })
    noteBlock(tx, core, now)
    if (now.trust === 'known') introduce(tx, core, now)
    return now
  })
}

/** An account can be blocked before it ever wrote. */
function findOrName(core: Core, to: string): Contact {
  const resolved = resolve(core.store.read, parseRecipient(to))
  if (resolved.kind !== 'stranger-account') return findContact(core, to)
  const { account } = resolved
  return newContact({ account, trust: 'request', createdMs: core.ports.clock.nowMs() })
}
