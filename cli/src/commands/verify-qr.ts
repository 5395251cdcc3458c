import { fromBase64url } from '@sotto/protocol'
import { renderQr } from '@sotto/tui'

import { renderVerify } from '../print/people.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import { TO_ARGUMENT, type Command, type Invocation } from './command.js'

const COLUMNS = 80

export const command: Command = {
  path: ['verify', 'qr'],
  group: 'People',
  summary: 'print the safety number as a QR code',
  arguments: [TO_ARGUMENT],
  flags: [],
  details: [
    'For the other’s camera. With --json what the code holds is in base64url: the other side takes it with sotto verify confirm --qr.',
  ],
  examples: ['sotto verify qr @bob.42', 'sotto verify qr @bob.42 --json'],
  object: { schema: 'verify', many: false },
  exits: [67, 69],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, output, world } = invocation
  const to = requireRecipient(args[0] ?? '')
  return withClient(invocation, async (client) => {
    const verify = await client.call('verify.qr', { to })
    const columns = world.stdout.columns ?? COLUMNS
    const { paint } = output.look
    const rows = await renderQr(fromBase64url(verify.qr) ?? '', { columns, paint })
    if (rows === undefined && !output.json)
      output.note('the terminal is too narrow for the QR code; compare the digits')
    output.result({ verify }, (look) => [...(rows ?? []), renderVerify(verify, look)].join('\n'))
    return 0
  })
}
