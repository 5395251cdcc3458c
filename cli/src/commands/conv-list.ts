import { UsageError } from '@sotto/protocol'

import { parseCount } from '../flags/values.js'
import { renderConversation } from '../print/conversations.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['conv', 'list'],
  group: 'Talking',
  summary: 'print conversations: pinned ones, then the latest',
  arguments: [],
  flags: [
    { name: 'all', summary: 'archived ones and requests too' },
    { name: 'archived', summary: 'only what is archived' },
    { name: 'unread', summary: 'only those with something unread' },
    { name: 'limit', short: 'n', value: 'count', summary: 'so many at most' },
  ],
  details: ['Without a flag, all but archived ones and requests.'],
  examples: ['sotto conv list', 'sotto conv list --unread --json'],
  object: { schema: 'conversation', many: true },
  exits: [],
  run,
}

const CHOICES = ['all', 'archived', 'unread'] as const

async function run(invocation: Invocation): Promise<number> {
  const { flags, output } = invocation
  const [which = 'inbox', other] = CHOICES.filter((name) => flags.isOn(name))
  if (other !== undefined)
    throw new UsageError('usage/invalid', `--${which} and --${other} contradict each other`, {
      fix: 'Give one of them.',
    })
  const limit = flags.read('limit', parseCount)
  return withClient(invocation, async (client) => {
    for (const conversation of await client.call('conversation.list', { which, limit })) {
      output.result({ conversation }, (look) => renderConversation(conversation, look))
    }
    return 0
  })
}
