import { renderContact } from '../print/lines.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import type { Invocation } from './command.js'

export async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const to = requireRecipient(args[0] ?? '')
  return withClient(invocation, async (client) => {
    const contact = await client.acceptContact(to)
    output.result({ contact }, (look) => renderContact(contact, look))
    return 0
  })
}
