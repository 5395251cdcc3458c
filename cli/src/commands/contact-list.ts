import { renderContact } from '../print/lines.js'
import { withClient } from '../with-client.js'
import type { Invocation } from './command.js'

export async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  return withClient(invocation, async (client) => {
    for (const contact of client.listContacts()) {
      output.result({ contact }, (look) => renderContact(contact, look))
    }
    return 0
  })
}
