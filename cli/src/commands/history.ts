import { renderMessage } from '@sotto/tui'

import { parsePlace } from '../flags/places.js'
import { parseCount } from '../flags/values.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['history'],
  group: 'Talking',
  summary: 'print a conversation, oldest first',
  arguments: [
    {
      usage: '<conv>',
      summary: 'a recipient: see sotto help recipients',
      complete: 'recipient',
    },
  ],
  flags: [
    {
      name: 'limit',
      short: 'n',
      value: 'count',
      summary: 'so many, default 50: the newest, or with --after alone the next',
    },
    {
      name: 'before',
      value: 'message|time',
      summary: 'only what came before',
      complete: 'message',
    },
    {
      name: 'after',
      value: 'message|time',
      summary: 'only what came after',
      complete: 'message',
    },
  ],
  details: [],
  examples: ['sotto history @bob.42 -n 20', 'sotto history @bob --after "yesterday 08:00" --json'],
  object: { schema: 'message', many: true },
  exits: [67],
  run,
}

const LIMIT = 50

async function run(invocation: Invocation): Promise<number> {
  const { args, flags, output, world } = invocation
  const conversation = requireRecipient(args[0] ?? '')
  const limit = flags.read('limit', parseCount) ?? LIMIT
  const place = (text: string) => parsePlace(text, world.nowMs())
  const before = flags.read('before', place)
  const after = flags.read('after', place)
  return withClient(invocation, async (client) => {
    const lines = await client.call('conversation.history', {
      ...{ conversation, limit, before, after },
    })
    for (const line of lines) output.result(line, (look) => renderMessage(line, look))
    return 0
  })
}
