import { renderVerify } from '../print/people.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import { TO_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  path: ['verify', 'show'],
  group: 'People',
  summary: 'print the safety number shared with somebody',
  arguments: [TO_ARGUMENT],
  flags: [],
  details: ['Compare it with theirs by voice or in person: equal numbers mean nobody is between.'],
  examples: ['sotto verify show @bob.42'],
  object: { schema: 'verify', many: false },
  exits: [67, 69],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const to = requireRecipient(args[0] ?? '')
  return withClient(invocation, async (client) => {
    const verify = await client.call('verify.show', { to })
    output.result({ verify }, (look) => renderVerify(verify, look))
    return 0
  })
}
