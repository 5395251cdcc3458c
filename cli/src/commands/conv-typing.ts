import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'
import { CONVERSATION_ARGUMENT } from './conversation-command.js'

export const command: Command = {
  path: ['conv', 'typing'],
  group: 'Talking',
  summary: 'tell them that you are typing',
  arguments: [CONVERSATION_ARGUMENT],
  flags: [{ name: 'stop', summary: 'that you are typing no more' }],
  details: [
    'It ends by itself after 15 seconds, or with your next message; say it again while it lasts.',
    'Nothing is kept, nor tried again: where they cannot be told now (the relay is away, they are no contact yet, account edit --typing off) nothing happens, and the answer is the same.',
  ],
  examples: ['sotto conv typing @bob', 'sotto conv typing @bob --stop'],
  exits: [67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, flags } = invocation
  const conversation = requireRecipient(args[0] ?? '')
  return withClient(invocation, async (client) => {
    await client.call('conversation.typing', { conversation, started: !flags.isOn('stop') })
    return 0
  })
}
