import { renderInvite } from '../print/invite.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['invite', 'revoke'],
  group: 'People',
  summary: 'end an invite',
  arguments: [{ usage: '<id>', summary: 'its id, or 6 or more characters of its beginning' }],
  flags: [],
  details: ['Who used it already stays a contact; who uses it later is a stranger.'],
  examples: ['sotto invite revoke i_3f9a1c0b77'],
  object: { schema: 'invite', many: false },
  exits: [67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  return withClient(invocation, async (client) => {
    const invite = await client.call('invite.revoke', { id: args[0] ?? '' })
    output.result({ invite }, (look) => renderInvite(invite, look))
    return 0
  })
}
