import { renderContact } from '../print/people.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import { TO_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  path: ['contact', 'add'],
  group: 'People',
  summary: 'look somebody up and keep them',
  arguments: [TO_ARGUMENT],
  flags: [{ name: 'as', value: 'name', summary: 'a local name for them, without a dot' }],
  details: [
    'Resolves and stores, and writes to nobody. Somebody known is looked up again: exit 80 where their username is another account’s now.',
  ],
  examples: ['sotto contact add @bob.42 --as bob', 'sotto contact add "$(cat invite.txt)"'],
  object: { schema: 'contact', many: false },
  exits: [65, 67, 69, 76, 77, 80, 82],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, flags, output } = invocation
  const to = requireRecipient(args[0] ?? '')
  const alias = flags.text('as')
  return withClient(invocation, async (client) => {
    const contact = await client.call('contact.add', { to, alias })
    output.result({ contact }, (look) => renderContact(contact, look))
    return 0
  })
}
