import { send } from '../outbox/send.js'
import { count, flag, method, oneOf, optional, text, texts } from './method.js'

export const messageMethods = {
  /**
   * Durable before it resolves, then waits for the level that was asked for. `id` is remembered 30
   * days: the same id and content answer with the message sent before. `queue` false: keeps nothing
   * unless the relay can be reached now.
   */
  'message.send': method(
    {
      to: texts,
      text,
      replyTo: optional(text),
      silent: optional(flag),
      id: optional(text),
      wait: optional(oneOf('queued', 'accepted', 'delivered', 'read')),
      timeoutMs: optional(count),
      queue: optional(flag),
    },
    async (open, request) => {
      const outcome = await send(open, request)
      open.check()
      return outcome
    },
  ),
}
