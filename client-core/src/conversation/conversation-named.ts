import { NotFoundError, type AccountId, type ConversationId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Reader } from '../store/store.js'
import type { Conversation } from '../store/tables/contacts.js'
import { directConversation, selfConversation } from './conversation-id.js'
import { parseRecipient, resolve } from './recipient.js'

/** Throws `recipient/unknown` for somebody this device does not know. */
export function conversationId(core: Pick<Core, 'store' | 'own'>, written: string): ConversationId {
  return conversationNamed(core, written).id
}

/** Nothing of it need be stored yet. Throws `recipient/unknown`. */
export function conversationNamed(
  { store, own }: Pick<Core, 'store' | 'own'>,
  written: string,
): Conversation {
  const resolved = resolve(store.read, parseRecipient(written))
  switch (resolved.kind) {
    case 'self':
      return selfConversation(own.account)
    case 'contact':
      return directConversation(own.account, resolved.contact.account)
    case 'stranger':
      throw unknownConversation(written)
    case 'invited':
      return heldWith(store.read, resolved.link.account)
    case 'stranger-account':
      return heldWith(store.read, resolved.account)
  }
}

/** With somebody who may be no contact any more: what was said stays. */
function heldWith(read: Reader, account: AccountId): Conversation {
  const conversation = read.contacts.conversationWith(account)
  if (conversation === undefined) throw unknownConversation(`acct:${account}`)
  return conversation
}

export function unknownConversation(written: string): NotFoundError {
  return new NotFoundError('recipient/unknown', `there is no conversation with ${written}`, {
    fix: `See whom you know: sotto contact list; add somebody: sotto contact add ${written}`,
  })
}
