import type { AccountObject, ConversationDetailObject, MessageObject } from '@sotto/client-core'

import { isNamedIn } from '../text/mention.js'

type Muted = Pick<ConversationDetailObject, 'muted' | 'mutedUntil'>

/** Whether the person wants to be told of a message, as they have set it for its conversation. */
export function isTold(
  conversation: Muted & Pick<ConversationDetailObject, 'notify'>,
  { text }: Pick<MessageObject, 'text'>,
  { username, nowMs }: Pick<AccountObject, 'username'> & { readonly nowMs: number },
): boolean {
  const { notify } = conversation
  if (mutedUntilMs(conversation) > nowMs || notify === 'none') return false
  return notify === 'all' || isNamed(text, username)
}

/** When it is heard again, whatever was known when it was asked for; 0: it is not muted. */
export function mutedUntilMs({ muted, mutedUntil }: Muted): number {
  if (!muted) return 0
  return mutedUntil === null ? Number.POSITIVE_INFINITY : Date.parse(mutedUntil)
}

/** Whoever has no username is named by nobody. */
export function isNamed(text: string | null, username: string | null): boolean {
  return text !== null && username !== null && isNamedIn(text, username)
}
