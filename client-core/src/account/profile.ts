import type { Core } from '../core.js'
import { introduce } from '../outbox/compose.js'
import type { Transactor } from '../store/store.js'
import type { Contact } from '../store/tables/contacts.js'

/**
 * A new version of our profile is on disk: it goes to everybody who has given us leave to write.
 * Others get nothing unasked; they have it with the next text. After the commit call
 * `core.reloadAccount`.
 */
export function spreadProfile(tx: Transactor, core: Core): void {
  for (const contact of tx.contacts.all()) {
    if (isOurs(contact)) introduce(tx, core, { ...contact, profileSent: 0 })
  }
}

function isOurs(contact: Contact): boolean {
  return contact.trust === 'known' && !contact.blocked && contact.accessKey !== null
}
