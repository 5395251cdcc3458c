import type { ConversationObject } from '@sotto/client-core'

/** The one that is written to. */
export interface ChatConversation {
  /** As a recipient: `acct:…`, `me`. */
  readonly to: string
  readonly name: string
  readonly kind: ConversationObject['kind']
}

export function conversationOf({ id, kind, name }: ConversationObject): ChatConversation {
  return { ...{ name, kind }, to: kind === 'self' ? 'me' : `id:${id}` }
}
