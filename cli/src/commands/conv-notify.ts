import type { NotifyRule } from '@sotto/client-core'

import { parseChoice } from '../flags/values.js'
import { renderConversation } from '../print/conversations.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'
import { CONVERSATION_ARGUMENT } from './conversation-command.js'

const RULES = ['all', 'mentions', 'none'] as const satisfies readonly NotifyRule[]

export const command: Command = {
  path: ['conv', 'notify'],
  group: 'Talking',
  summary: 'say what of a conversation you are told of',
  arguments: [
    CONVERSATION_ARGUMENT,
    {
      ...{ usage: '<rule>', summary: 'all, mentions (what names you) or none' },
      complete: RULES,
    },
  ],
  flags: [],
  details: [
    'Holds for the chat screen and sotto chat: what they ring for, notify of, or print from elsewhere. Messages are received as before, and what is muted stays so.',
  ],
  examples: ['sotto conv notify @bob mentions', 'sotto conv notify @bob none'],
  object: { schema: 'conversation', many: false },
  exits: [67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const conversation = requireRecipient(args[0] ?? '')
  const rule = parseChoice(args[1] ?? '', RULES, 'rule')
  return withClient(invocation, async (client) => {
    const changed = await client.call('conversation.notify', { conversation, rule })
    output.result({ conversation: changed }, (look) => renderConversation(changed, look))
    return 0
  })
}
