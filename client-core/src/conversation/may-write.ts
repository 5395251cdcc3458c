import { PermissionError } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Contact } from '../store/tables/contacts.js'
import { identityChanged, isUndecided } from './successor.js'

/**
 * Throws `contact/blocked` for who is, and `identity/changed` for a verified contact whose username
 * is another account's now.
 */
export function refuseUnwritable(core: Pick<Core, 'store' | 'views'>, contact: Contact): void {
  refuseBlocked(core, contact)
  if (isUndecided(core.store.read, contact))
    throw identityChanged(core.views.nameOf(contact.account))
}

/** Throws `contact/blocked` for who is. */
export function refuseBlocked(core: Pick<Core, 'views'>, contact: Contact): void {
  if (contact.blocked) throw blocked(core.views.nameOf(contact.account))
}

export function blocked(name: string): PermissionError {
  return new PermissionError('contact/blocked', `${name} is blocked here. Not sent.`, {
    fix: `To take it back: sotto contact unblock ${name}`,
  })
}
