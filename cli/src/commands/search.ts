import { renderFound } from '@sotto/tui'

import { parsePlace } from '../flags/places.js'
import { parseCount } from '../flags/values.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['search'],
  group: 'Talking',
  summary: 'find messages, newest first',
  arguments: [{ usage: '[query...]', summary: 'words and operators: see sotto help search' }],
  flags: [
    { name: 'limit', short: 'n', value: 'count', summary: 'so many at most, default 50' },
    {
      name: 'in',
      value: 'conv',
      repeat: true,
      summary: 'only in this conversation; of several, any',
      complete: 'recipient',
    },
    {
      name: 'from',
      value: 'to',
      repeat: true,
      summary: 'only what they wrote, or me; of several, any',
      complete: 'recipient',
    },
    {
      name: 'before',
      value: 'message|time',
      summary: 'only what came before: the last hit, for the next page',
      complete: 'message',
    },
    { name: 'after', value: 'message|time', summary: 'only what came after', complete: 'message' },
    {
      name: 'has',
      value: 'what',
      repeat: true,
      summary: 'only messages with a link',
      complete: ['link'],
    },
    {
      name: 'type',
      value: 'type',
      repeat: true,
      summary: 'text: there is nothing else yet',
      complete: ['text'],
    },
  ],
  details: [
    'All words must be in a message, in any order; case and accents do not matter. Your shell takes one pair of quotation marks away: write \'"a phrase"\'.',
    'Ends 1 where nothing is found.',
  ],
  examples: [
    'sotto search deploy failed',
    `sotto search '"roll back" OR revert -staging from:@bob after:7d'`,
    'sotto search --in @bob --has link --json',
  ],
  object: { schema: 'search', many: true },
  exits: [1, 67],
  run,
}

const COLUMNS = 80
const FOUND = 0
const NOTHING_FOUND = 1

async function run(invocation: Invocation): Promise<number> {
  const { args, flags, output, world } = invocation
  const place = (text: string) => parsePlace(text, world.nowMs())
  const request = {
    query: args.join(' '),
    in: flags.texts('in').map(requireRecipient),
    from: flags.list('from').map(requireRecipient),
    before: flags.read('before', place),
    after: flags.read('after', place),
    has: flags.list('has'),
    type: flags.list('type'),
    limit: flags.read('limit', parseCount),
  }
  return withClient(invocation, async (client) => {
    const found = await client.call('message.search', request)
    const columns = world.stdout.columns ?? COLUMNS
    for (const each of found) output.result(each, (look) => renderFound(each, look, columns))
    if (found.length > 0) return FOUND
    output.note('nothing found')
    return NOTHING_FOUND
  })
}
