import { renderContact } from '../print/lines.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import { TO_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  path: ['contact', 'accept'],
  group: 'People',
  summary: 'answer a message request',
  arguments: [TO_ARGUMENT],
  flags: [],
  details: ['From then on they get receipts, and what they wrote before is received.'],
  examples: ['sotto contact accept @carol.7'],
  object: { schema: 'contact', many: false },
  exits: [67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const to = requireRecipient(args[0] ?? '')
  return withClient(invocation, async (client) => {
    const contact = await client.call('contact.accept', { to })
    output.result({ contact }, (look) => renderContact(contact, look))
    return 0
  })
}
