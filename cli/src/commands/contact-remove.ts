import { safeLine } from '@sotto/tui'

import { confirm } from '../confirm.js'
import { renderContact } from '../print/people.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import { TO_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  path: ['contact', 'remove'],
  group: 'People',
  summary: 'forget somebody',
  arguments: [TO_ARGUMENT],
  flags: [],
  details: [
    'Asks on a terminal; a script says --yes. Forgets their names, that you verified them, and their leave; what waited for them is not sent. What was said stays, under acct:… and id:… What they write later is a request again. A request that is removed is gone with all it wrote.',
  ],
  examples: ['sotto contact remove @bob.42 --yes'],
  object: { schema: 'contact', many: false },
  exits: [67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const to = requireRecipient(args[0] ?? '')
  return withClient(invocation, async (client) => {
    const { since, messages, ...contact } = await client.call('contact.show', { to })
    await confirm(invocation, `Forget ${safeLine(contact.conversation.name)}?`)
    await client.call('contact.remove', { to: `acct:${contact.id}` })
    output.result({ contact }, (look) => renderContact(contact, look))
    return 0
  })
}
