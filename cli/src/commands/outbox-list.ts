import { renderOutbox } from '../print/lines.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['outbox', 'list'],
  group: 'Talking',
  summary: 'print what has not been accepted yet',
  arguments: [],
  flags: [],
  details: [],
  examples: ['sotto outbox list --json'],
  object: { schema: 'outbox', many: true },
  exits: [],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  return withClient(invocation, async (client) => {
    for (const outbox of await client.call('outbox.list', {})) {
      output.result({ outbox }, (look) => renderOutbox(outbox, look))
    }
    return 0
  })
}
