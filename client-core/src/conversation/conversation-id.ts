import { createHash } from 'node:crypto'
import {
  accountIdBytes,
  compareAccountIds,
  conversationIdFromHash,
  type AccountId,
} from '@sotto/protocol'
import type { Conversation } from '../store/tables/contacts.js'

/** The conversation of two accounts: the same id on every device of either. */
export function directConversation(own: AccountId, peer: AccountId): Conversation {
  const key = `${own} ${peer}`
  const known = conversations.get(key)
  if (known !== undefined) return known
  const conversation = makeDirect(own, peer)
  if (conversations.size >= KEPT_MAX) conversations.clear()
  conversations.set(key, conversation)
  return conversation
}

/** Asked for at every message: those of so many pairs are kept. */
const KEPT_MAX = 1024
const conversations = new Map<string, Conversation>()

function makeDirect(own: AccountId, peer: AccountId): Conversation {
  const [first, second] = compareAccountIds(own, peer) < 0 ? [own, peer] : [peer, own]
  const hash = createHash('sha256')
    .update('sotto direct 1')
    .update(accountIdBytes(first))
    .update(accountIdBytes(second))
  return { id: conversationIdFromHash(hash.digest()), kind: 'direct', account: peer }
}

/** Notes to oneself. */
export function selfConversation(own: AccountId): Conversation {
  const hash = createHash('sha256').update('sotto self 1').update(accountIdBytes(own))
  return { id: conversationIdFromHash(hash.digest()), kind: 'self', account: own }
}
