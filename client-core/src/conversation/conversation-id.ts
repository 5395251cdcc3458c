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
