import { renderContactDetail } from '../print/people.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import { TO_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  path: ['contact', 'show'],
  group: 'People',
  summary: 'print what is known of somebody',
  arguments: [TO_ARGUMENT],
  flags: [],
  details: [],
  examples: ['sotto contact show @bob.42', 'sotto contact show @bob --json'],
  object: { schema: 'contact', many: false },
  exits: [67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const to = requireRecipient(args[0] ?? '')
  return withClient(invocation, async (client) => {
    const contact = await client.call('contact.show', { to })
    output.result({ contact }, (look) => renderContactDetail(contact, look))
    return 0
  })
}
