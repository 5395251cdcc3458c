import { renderInvite } from '../print/invite.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['invite', 'list'],
  group: 'People',
  summary: 'print your invites, with what is left of them',
  arguments: [],
  flags: [],
  details: [],
  examples: ['sotto invite list --json'],
  object: { schema: 'invite', many: true },
  exits: [],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  return withClient(invocation, async (client) => {
    for (const invite of await client.call('invite.list', {})) {
      output.result({ invite }, (look) => renderInvite(invite, look))
    }
    return 0
  })
}
