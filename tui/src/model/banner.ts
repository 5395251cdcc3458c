import type { ContactObject } from '@sotto/client-core'

import type { Role } from '../rows/row.js'
import type { Words } from '../words/words.js'
import { contactIn } from './list.js'
import type { UiState } from './state.js'

/** A sentence that stands above the composer until what it is about is decided. */
export interface BannerLine {
  readonly text: string
  readonly role: Role
}

/** What the open conversation needs decided, the most urgent first. */
export function bannerOf(state: UiState, words: Words): readonly BannerLine[] {
  const contact = contactIn(state, state.open)
  if (contact === undefined) return []
  const { people } = words.screen
  if (contact.blocked)
    return [{ text: people.blockedBanner(contact.conversation.name), role: 'warn' }]
  return contact.trust === 'request' ? requestLines(state, contact, words) : []
}

function requestLines(
  state: UiState,
  contact: ContactObject,
  { screen }: Words,
): readonly BannerLine[] {
  const { request } = screen.people
  const { claimedHandle, claimHeldBy } = contact
  const claims = [claimedHandle, contact.name].filter((claim) => claim != null && claim !== '')
  const who =
    claims.length === 0 ? request.title : `${request.title} ${request.claims(claims.join(', '))}`
  const holder = state.contacts.find(({ id }) => id === claimHeldBy)
  const lines: BannerLine[] = [{ text: who, role: 'warn' }]
  if (claimedHandle !== undefined && claimHeldBy !== undefined) {
    const known = holder?.alias ?? holder?.name ?? `acct:${claimHeldBy}`
    lines.push({ text: request.held(claimedHandle, known), role: 'bad' })
  }
  return [...lines, { text: request.choice, role: 'text' }]
}
