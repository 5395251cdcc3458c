import { renderOutbox } from '../print/lines.js'
import { withClient } from '../with-client.js'
import { MESSAGE_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  path: ['outbox', 'show'],
  group: 'Talking',
  summary: 'print a message that waits or has failed, and why',
  arguments: [MESSAGE_ARGUMENT],
  flags: [],
  details: [],
  examples: ['sotto outbox show m_01J9ABCD --json'],
  object: { schema: 'outbox', many: false },
  exits: [65, 67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  return withClient(invocation, async (client) => {
    const outbox = await client.call('outbox.show', { message: args[0] ?? '' })
    output.result({ outbox }, (look) => renderOutbox(outbox, look))
    return 0
  })
}
