import { messageIdFromBytes, utf8, type AccountId, type MessageId } from '@sotto/protocol'
import type { Core } from '../core.js'
import { sha256 } from '../session/digest.js'
import type { Reader } from '../store/store.js'

/**
 * Under which id a message of somebody else is kept. Its author chooses it, and may choose that of one
 * of ours, which they have. Then two of one conversation could not be told apart by it: theirs is kept
 * under another, always the same.
 */
export function storedName(
  { messages }: Pick<Reader, 'messages'>,
  { own }: Pick<Core, 'own'>,
  { author, id }: { readonly author: AccountId; readonly id: MessageId },
): MessageId {
  if (messages.get(own.account, id) === undefined) return id
  return messageIdFromBytes(sha256(utf8(`${author} ${id}`)).subarray(0, 16))
}
