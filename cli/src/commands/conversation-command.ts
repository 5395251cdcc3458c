import type { MethodName } from '@sotto/client-core'

import { renderConversation } from '../print/conversations.js'
import { requireRecipient } from '../recipients.js'
import { withClient, type WithClientOptions } from '../with-client.js'
import type { ArgumentSpec, Command, Invocation } from './command.js'

export const CONVERSATION_ARGUMENT: ArgumentSpec = {
  usage: '<conv>',
  summary: 'a recipient: see sotto help recipients',
  complete: 'recipient',
}

type ConversationMethod = Extract<
  MethodName,
  `conversation.${'show' | 'unmute' | 'archive' | 'unarchive' | 'pin' | 'unpin' | 'markRead' | 'markUnread'}`
>

interface ConversationCommand extends WithClientOptions, Pick<Command, 'summary' | 'examples'> {
  readonly verb: string
  readonly method: ConversationMethod
  readonly details?: readonly string[]
}

/** A command that does one thing with one conversation and prints how it stands then. */
export function conversationCommand(options: ConversationCommand): Command {
  const { verb, method, summary, details = [], examples, receipts = false } = options
  return {
    path: ['conv', verb],
    group: 'Talking',
    ...{ summary, details, examples },
    arguments: [CONVERSATION_ARGUMENT],
    flags: [],
    object: { schema: 'conversation', many: false },
    exits: [67],
    run: (invocation) => run(invocation, method, { receipts }),
  }
}

async function run(
  invocation: Invocation,
  method: ConversationMethod,
  options: WithClientOptions,
): Promise<number> {
  const { args, output } = invocation
  const conversation = requireRecipient(args[0] ?? '')
  return withClient(
    invocation,
    async (client) => {
      const changed = await client.call(method, { conversation })
      output.result({ conversation: changed }, (look) => renderConversation(changed, look))
      return 0
    },
    options,
  )
}
