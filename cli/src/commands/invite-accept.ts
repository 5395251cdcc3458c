import { parseInviteLink } from '@sotto/protocol'

import { renderContact } from '../print/people.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['invite', 'accept'],
  group: 'People',
  summary: 'keep whoever an invite link is from',
  arguments: [{ usage: '<link>', summary: 'sotto://relay.example/invite#…, in quotes' }],
  flags: [{ name: 'as', value: 'name', summary: 'a local name for them, without a dot' }],
  details: [
    'The same as contact add with a link. Writes to nobody: the first message to them shows that they invited you, and they have you as a contact at once.',
  ],
  examples: ['sotto invite accept "$(cat invite.txt)" --as carol'],
  object: { schema: 'contact', many: false },
  exits: [67, 69, 76, 80, 82],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, flags, output } = invocation
  const to = args[0] ?? ''
  parseInviteLink(to)
  const alias = flags.text('as')
  return withClient(invocation, async (client) => {
    const contact = await client.call('contact.add', { to, alias })
    output.result({ contact }, (look) => renderContact(contact, look))
    return 0
  })
}
