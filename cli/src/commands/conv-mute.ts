import { UsageError } from '@sotto/protocol'

import { parseTime } from '../flags/times.js'
import { renderConversation } from '../print/conversations.js'
import { requireRecipient } from '../recipients.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'
import { CONVERSATION_ARGUMENT } from './conversation-command.js'

export const command: Command = {
  path: ['conv', 'mute'],
  group: 'Talking',
  summary: 'keep a conversation quiet',
  arguments: [CONVERSATION_ARGUMENT],
  flags: [
    { name: 'for', value: 'duration', summary: 'for so long; default for ever' },
    { name: 'until', value: 'time', summary: 'until then' },
  ],
  details: ['Messages are received as before; what is muted stays in the archive when they come.'],
  examples: ['sotto conv mute @bob --for 8h', 'sotto conv mute @bob --until "tomorrow 08:00"'],
  object: { schema: 'conversation', many: false },
  exits: [67],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, flags, output, world } = invocation
  const conversation = requireRecipient(args[0] ?? '')
  if (flags.isOn('for') && flags.isOn('until'))
    throw new UsageError('usage/invalid', '--for and --until contradict each other', {
      fix: 'Give one of them, or neither: for ever.',
    })
  const until =
    flags.read('for', (text) =>
      futureTime(text, parseTime(`+${text}`, world.nowMs()), world.nowMs()),
    ) ??
    flags.read('until', (text) => futureTime(text, parseTime(text, world.nowMs()), world.nowMs()))
  return withClient(invocation, async (client) => {
    const muted = await client.call('conversation.mute', { conversation, until })
    output.result({ conversation: muted }, (look) => renderConversation(muted, look))
    return 0
  })
}

/** The time that `text` means; what is over would take a mute away instead of making one. */
function futureTime(text: string, time: string, nowMs: number): string {
  if (Date.parse(time) > nowMs) return time
  throw new UsageError('usage/invalid', `${text} is over`, {
    fix: 'Give a time to come, as in "tomorrow 08:00".',
  })
}
