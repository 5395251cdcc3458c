import { renderCancelled } from '../print/messages.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['outbox', 'cancel'],
  group: 'Talking',
  summary: 'take back messages that the relay has not accepted',
  arguments: [{ usage: '<message...>', summary: 'which', complete: 'message' }],
  flags: [],
  details: [
    'They stay in the history as failed. One that was sealed may have reached the relay although no answer came: then mayHaveArrived is true.',
  ],
  examples: ['sotto outbox cancel m_01J9ABCD'],
  object: { schema: 'outbox', many: true },
  exits: [65, 67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  return withClient(invocation, async (client) => {
    for (const outbox of await client.call('outbox.cancel', { messages: args })) {
      output.result({ outbox }, (look) => renderCancelled(outbox, look))
    }
    return 0
  })
}
