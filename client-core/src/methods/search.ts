import { searchMessages } from '../conversation/search.js'
import { count, method, optional, text, texts } from './method.js'

export const searchMethods = {
  /**
   * The newest `limit` (default 50) messages that a query finds, newest first, each with where in its
   * text the first match is. What `from`, `in`, `before`, `after`, `has` and `type` say could stand in
   * the query as well.
   */
  'message.search': method(
    {
      query: optional(text),
      from: optional(texts),
      in: optional(texts),
      before: optional(text),
      after: optional(text),
      has: optional(texts),
      type: optional(texts),
      limit: optional(count),
    },
    ({ core }, request) => searchMessages(core, request),
  ),
}
