import { renderReceipt } from '../print/messages.js'
import { withClient } from '../with-client.js'
import { MESSAGE_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  path: ['message', 'receipts'],
  group: 'Talking',
  summary: 'print who has got and read a message',
  arguments: [MESSAGE_ARGUMENT],
  flags: [],
  details: ['A line a receipt; none where none has come.'],
  examples: ['sotto message receipts m_01J9ABCD --json'],
  object: { schema: 'receipt', many: true },
  exits: [67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  return withClient(invocation, async (client) => {
    for (const receipt of await client.call('message.receipts', { message: args[0] ?? '' })) {
      output.result({ receipt }, (look) => renderReceipt(receipt, look))
    }
    return 0
  })
}
