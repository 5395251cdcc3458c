import { renderIdentity } from '../print/people.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['verify', 'log'],
  group: 'People',
  summary: 'print what happened to safety numbers',
  arguments: [{ usage: '[to]', summary: 'only of this recipient', complete: 'recipient' }],
  flags: [],
  details: [
    'met: a contact from then on. changed: another account has the username. trusted: that one is the contact now. verified, reset: the numbers were compared, or that was taken back.',
  ],
  examples: ['sotto verify log', 'sotto verify log @bob.42 --json'],
  object: { schema: 'identity', many: true },
  exits: [67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const to = args[0] === undefined ? undefined : requireRecipient(args[0])
  return withClient(invocation, async (client) => {
    for (const identity of await client.call('verify.log', { to }))
      output.result({ identity }, (look) => renderIdentity(identity, look))
    return 0
  })
}
