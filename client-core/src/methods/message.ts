import { UsageError } from '@sotto/protocol'
import { changeMessage, type Wish } from '../changes/own.js'
import { settleChange, type ChangeWait } from '../changes/settle.js'
import { findMessage } from '../conversation/find-message.js'
import type { OpenAccount } from '../open-account.js'
import { send } from '../outbox/send.js'
import type { SendOutcome } from '../outcomes.js'
import { count, flag, method, oneOf, optional, text, texts } from './method.js'

const CHANGE_WAIT = {
  wait: optional(oneOf('queued', 'accepted')),
  timeoutMs: optional(count),
}

/** Durable before it resolves, then waits for the level that was asked for. */
async function change(
  open: OpenAccount,
  request: ChangeWait & { readonly message: string },
  wish: Wish,
): Promise<SendOutcome> {
  open.worker.hasten()
  const changed = await changeMessage(open.core, request.message, wish)
  open.worker.kick()
  const outcome = await settleChange(open, changed, request)
  open.check()
  return outcome
}

function noEmoji(): UsageError {
  return new UsageError('usage/invalid', 'there is no emoji', {
    fix: 'To take a reaction back: sotto message unreact',
  })
}

export const messageMethods = {
  /** One message with all that is known of it; `findMessage` says how one is named. */
  'message.show': method({ message: text }, ({ core }, { message }) =>
    core.views.messageDetail(findMessage(core, message)),
  ),

  /** One emoji of ours, in the place of an earlier one. Waits like a send, for nobody's receipt. */
  'message.react': method({ message: text, emoji: text, ...CHANGE_WAIT }, (open, request) => {
    if (request.emoji === '') throw noEmoji()
    return change(open, request, { kind: 'reaction', emoji: request.emoji })
  }),

  'message.unreact': method({ message: text, ...CHANGE_WAIT }, (open, request) =>
    change(open, request, { kind: 'reaction', emoji: '' }),
  ),

  /** An own message says this from here on. `to`: refused where it stands in another conversation. */
  'message.edit': method(
    { message: text, text, to: optional(text), ...CHANGE_WAIT },
    (open, request) => change(open, request, { kind: 'edit', text: request.text, to: request.to }),
  ),

  /** Gone here alone, any message; `everyone`: an own one, wherever it is, for good. */
  'message.delete': method(
    { message: text, everyone: optional(flag), ...CHANGE_WAIT },
    (open, request) =>
      change(open, request, { kind: 'delete', everyone: request.everyone === true }),
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
