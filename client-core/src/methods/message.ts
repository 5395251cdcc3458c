import { findMessage } from '../conversation/find-message.js'
import { send } from '../outbox/send.js'
import { count, flag, method, oneOf, optional, text, texts } from './method.js'

export const messageMethods = {
  /** One message with all that is known of it; `findMessage` says how one is named. */
  'message.show': method({ message: text }, ({ core }, { message }) =>
    core.views.messageDetail(findMessage(core, message)),
  ),

  /** What others' devices said of an own message. */
  'message.receipts': method({ message: text }, ({ core }, { message }) =>
    core.views.receipts(findMessage(core, message)),
  ),

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
      open.worker.hasten() // A person's new message does not wait behind what was put off.
      const outcome = await send(open, request)
      open.check()
      return outcome
    },
    ({ wait }) => wait === 'delivered' || wait === 'read',
  ),
}
