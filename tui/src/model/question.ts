import type { ContactObject } from '@sotto/client-core'

import type { UiState } from './state.js'

/** A contact whose username belongs to another account now, and nobody has decided who is meant. */
export interface IdentityQuestion {
  /** Who is known by the name. */
  readonly holder: ContactObject
  /** The one asked about is not the holder but the account that has the name now. */
  readonly isClaimant: boolean
}

/** Whether who a name means has to be decided before somebody can be written to as before. */
export function questionOf(
  { contacts }: Pick<UiState, 'contacts'>,
  contact: ContactObject,
): IdentityQuestion | undefined {
  if (contact.successor !== undefined) return { holder: contact, isClaimant: false }
  const holder = contacts.find(({ successor }) => successor === contact.id)
  return holder === undefined ? undefined : { holder, isClaimant: true }
}

/** To somebody verified nothing goes until it is decided; whom it is about. */
export function isPaused(contact: ContactObject): boolean {
  return contact.successor !== undefined && contact.trust === 'verified'
}
