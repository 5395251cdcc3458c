import { UsageError } from '@sotto/protocol'

import { renderContact } from '../print/people.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import { TO_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  path: ['contact', 'rename'],
  group: 'People',
  summary: 'give somebody a local name, or none',
  arguments: [TO_ARGUMENT, { usage: '[name]', summary: 'a name without a dot' }],
  flags: [{ name: 'none', summary: 'take the local name away' }],
  details: ['Only this device knows it. Nobody else can have it at the same time.'],
  examples: ['sotto contact rename @bob.42 bob', 'sotto contact rename @bob --none'],
  object: { schema: 'contact', many: false },
  exits: [65, 67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, flags, output } = invocation
  const to = requireRecipient(args[0] ?? '')
  const alias = args[1]
  if ((alias === undefined) !== flags.isOn('none'))
    throw new UsageError('usage/invalid', 'give a name or --none, and not both', {
      fix: 'sotto contact rename @bob.42 bob',
    })
  return withClient(invocation, async (client) => {
    const contact = await client.call('contact.rename', { to, alias })
    output.result({ contact }, (look) => renderContact(contact, look))
    return 0
  })
}
