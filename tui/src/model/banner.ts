import type { ContactObject } from '@sotto/client-core'

import type { Role } from '../rows/row.js'
import type { Words } from '../words/words.js'
import { messageOf } from './chat.js'
import { shortAccount } from '../text/short-account.js'
import { contactIn } from './list.js'
import { isPaused, questionOf } from './question.js'
import { openChat, type UiState } from './state.js'
import { tell } from './tell.js'

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
  const unsent = unsentLine(state, words)
  if (unsent !== undefined) return [unsent]
  const changed = changedLines(state, contact, words)
  if (changed.length > 0) return changed
  return contact.trust === 'request' ? requestLines(state, contact, words) : []
}

/** Why the chosen message is not sent. */
function unsentLine(state: UiState, words: Words): BannerLine | undefined {
  const chat = openChat(state)
  const unsent = chat?.unsent
  if (state.focus !== 'timeline' || unsent === undefined || unsent.id !== chat?.selected)
    return undefined
  // It may have gone since it was asked for.
  if (messageOf(chat, unsent.id)?.message.status !== unsent.status) return undefined
  const { people } = words.screen
  const why = unsent.error === undefined ? '' : tell(unsent.error, { words })
  if (unsent.status === 'failed') return { text: people.failed(why), role: 'bad' }
  const { nextAttemptAt } = unsent
  const next = nextAttemptAt === null ? undefined : words.time(Date.parse(nextAttemptAt))
  return { text: people.waits(unsent.attempts, next, why), role: 'warn' }
}

/** The name of somebody means another account now. */
function changedLines(
  state: UiState,
  contact: ContactObject,
  { screen }: Words,
): readonly BannerLine[] {
  const question = questionOf(state, contact)
  if (question === undefined) return []
  const { changed } = screen.people
  const { name } = question.holder.conversation
  const said: BannerLine = question.isClaimant
    ? { text: changed.claimant(name), role: 'warn' }
    : isPaused(contact)
      ? { text: changed.paused(name), role: 'bad' }
      : { text: changed.goesOn(name), role: 'warn' }
  return [said, { text: changed.choice, role: 'accent' }]
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
    const known = holder?.alias ?? holder?.name ?? shortAccount(`acct:${claimHeldBy}`)
    lines.push({ text: request.held(claimedHandle, known), role: 'bad' })
  }
  return [...lines, { text: request.choice, role: 'text' }]
}
