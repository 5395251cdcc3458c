import type { Client, ContactObject, MethodName } from '@sotto/client-core'

import { renderContact } from '../print/people.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import { TO_ARGUMENT, type Command, type Invocation } from './command.js'

type ContactMethod = Extract<
  MethodName,
  'contact.accept' | 'contact.trust' | 'contact.block' | 'contact.unblock' | 'verify.reset'
>

interface ContactCommand extends Pick<
  Command,
  'path' | 'summary' | 'details' | 'examples' | 'exits'
> {
  readonly method: ContactMethod
  /** What else there is to do when it is on disk. */
  readonly then?: (client: Client, invocation: Invocation) => Promise<void>
}

/** A command that does one thing about one person and prints how they stand then. */
export function contactCommand(options: ContactCommand): Command {
  const { path, summary, details, examples, exits } = options
  return {
    ...{ path, group: 'People', summary, details, examples, exits },
    arguments: [TO_ARGUMENT],
    flags: [],
    object: { schema: 'contact', many: false },
    run: (invocation) => run(invocation, options),
  }
}

async function run(invocation: Invocation, { method, then }: ContactCommand): Promise<number> {
  const { args, output } = invocation
  const to = requireRecipient(args[0] ?? '')
  return withClient(invocation, async (client) => {
    const contact: ContactObject = await client.call(method, { to })
    output.result({ contact }, (look) => renderContact(contact, look))
    await then?.(client, invocation)
    return 0
  })
}
