import { renderDetail } from '../print/messages.js'
import { withClient } from '../with-client.js'
import { MESSAGE_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  path: ['message', 'show'],
  group: 'Talking',
  summary: 'print one message with all that is known of it',
  arguments: [MESSAGE_ARGUMENT],
  flags: [],
  details: [],
  examples: ['sotto message show @last:@bob --json'],
  object: { schema: 'message-detail', many: false },
  exits: [67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  return withClient(invocation, async (client) => {
    const detail = await client.call('message.show', { message: args[0] ?? '' })
    output.result(detail, (look) => renderDetail(detail, look))
    return 0
  })
}
