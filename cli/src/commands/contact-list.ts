import { renderContact } from '../print/people.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['contact', 'list'],
  group: 'People',
  summary: 'print contacts and requests',
  arguments: [],
  flags: [],
  details: [],
  examples: ['sotto contact list --json'],
  object: { schema: 'contact', many: true },
  exits: [],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  return withClient(invocation, async (client) => {
    for (const contact of await client.call('contact.list', {})) {
      output.result({ contact }, (look) => renderContact(contact, look))
    }
    return 0
  })
}
