import type { ConversationObject } from '@sotto/client-core'

import { shortAccount } from '../text/short-account.js'
import type { Words } from '../words/words.js'
import { contactIn } from './list.js'
import type { UiState } from './state.js'

/** How a conversation is called where it stands in one line. */
export interface Called {
  readonly text: string
  /** It is what they say themselves, and nobody has looked it up. */
  readonly isClaimed: boolean
}

/** As usernames are written: what else somebody claims is not shown in the place of a name. */
const USERNAME = /^@[a-z_][a-z0-9_]{0,31}\.\d{1,9}$/i

/**
 * Whoever has no name here is called by the one that they claim, marked as such; by their account
 * where they claim none, or that of somebody who is known.
 */
export function calledOf(
  state: Pick<UiState, 'contacts'>,
  { id, kind, name }: ConversationObject,
  { screen }: Words,
): Called {
  if (kind === 'self') return { text: screen.notes, isClaimed: false }
  if (!name.startsWith('acct:')) return { text: name, isClaimed: false }
  const { claimedHandle, claimHeldBy } = contactIn(state, id) ?? {}
  const isUsable =
    claimedHandle !== undefined && claimHeldBy === undefined && USERNAME.test(claimedHandle)
  return isUsable
    ? { text: screen.claimed(claimedHandle), isClaimed: true }
    : { text: shortAccount(name), isClaimed: false }
}
