import { SottoError } from '@sotto/protocol'

import type { Client } from '@sotto/client-core'
import { unlessAborted } from '../with-client.js'
import type { Invocation } from './command.js'
import { contactCommand } from './contact-command.js'

/** How long the profiles with the new access key may take. */
const FLUSH_MS_MAX = 10_000

export const command = contactCommand({
  path: ['contact', 'block'],
  method: 'contact.block',
  summary: 'drop what somebody writes, unread',
  details: [
    'At once and on this device: what comes from them is dropped before it is opened, and they hear nothing of it. What waited for them is not sent. Then your access key is replaced, and your other contacts get the new one.',
  ],
  examples: [
    'sotto contact block @eve.66',
    'sotto contact block acct:0199aaaa-bbbb-8ccc-9ddd-eeeeffff0000',
  ],
  exits: [67],
  then: replaceKey,
})

/** Best done now; without the relay it is done at the next connection. */
async function replaceKey(client: Client, { output, world }: Invocation): Promise<void> {
  try {
    await unlessAborted(world.signal, client.call('relay.connect', { timeoutMs: 0 }))
    await unlessAborted(world.signal, client.call('relay.flush', { timeoutMs: FLUSH_MS_MAX }))
  } catch (thrown) {
    if (!(thrown instanceof SottoError)) throw thrown
    output.note('your access key is replaced when the relay can be reached')
  }
}
