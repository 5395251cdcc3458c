import type { AccountObject, ConversationDetailObject, MessageObject } from '@sotto/client-core'

import { isNamedIn } from '../text/mention.js'

type Rules = Pick<ConversationDetailObject, 'muted' | 'notify'>

/** Whether the person wants to be told of a message, as they have set it for its conversation. */
export function isTold(
  { muted, notify }: Rules,
  { text }: Pick<MessageObject, 'text'>,
  { username }: Pick<AccountObject, 'username'>,
): boolean {
  if (muted || notify === 'none') return false
  return notify === 'all' || isNamed(text, username)
}

/** Whoever has no username is named by nobody. */
export function isNamed(text: string | null, username: string | null): boolean {
  return text !== null && username !== null && isNamedIn(text, username)
}
