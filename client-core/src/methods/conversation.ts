import { conversationId } from '../conversation/conversation-named.js'
import { countHistory, readConversations, readHistory } from '../conversation/reading.js'
import { markRead } from '../inbox/receipts.js'
import { count, method, optional, text } from './method.js'

export const conversationMethods = {
  'conversation.list': method({}, ({ core }) => readConversations(core)),

  /**
   * A page, oldest first: the latest `limit` (default 50); with `after` alone the first so many after
   * it. `before` and `after` are messages (`findMessage`) or RFC 3339 times; exclusive.
   */
  'conversation.history': method(
    { conversation: text, limit: optional(count), before: optional(text), after: optional(text) },
    ({ core }, { conversation, ...page }) => readHistory(core, conversation, page),
  ),

  /** How many messages a page without a limit would have. */
  'conversation.count': method(
    { conversation: text, before: optional(text), after: optional(text) },
    ({ core }, { conversation, ...range }) => ({
      messages: countHistory(core, conversation, range),
    }),
  ),

  /** Marks everything received so far as read and lets read receipts go out. */
  'conversation.markRead': method({ conversation: text }, ({ core, worker }, { conversation }) => {
    const id = conversationId(core, conversation)
    core.store.transact((tx) => {
      markRead(tx, core, id)
    })
    worker.kick()
    return {}
  }),
}
