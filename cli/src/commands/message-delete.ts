import type { Client } from '@sotto/client-core'

import { confirm } from '../confirm.js'
import {
  CHANGE_DETAIL,
  CHANGE_FLAGS,
  CHANGE_SPEC,
  readChangeWait,
  runChange,
} from './change-command.js'
import { MESSAGE_ARGUMENT, type Command, type Invocation } from './command.js'

export const command: Command = {
  ...CHANGE_SPEC,
  path: ['message', 'delete'],
  summary: 'delete a message, here or for everyone',
  arguments: [MESSAGE_ARGUMENT],
  flags: [
    { name: 'everyone', summary: 'an own message, on every device that has it' },
    ...CHANGE_FLAGS,
  ],
  details: [
    'Asks on a terminal; a script says --yes. Without --everyone the message is gone here, and stays with others; what of it still waits is sent to nobody.',
    'With --everyone, of an own message nothing but its place is left, here and with everybody whose sotto hears of it, for good. Nobody can make others forget what they have read, copied or written down.',
    CHANGE_DETAIL,
  ],
  examples: ['sotto message delete m_01J9ABCD --everyone --yes'],
  run,
}

function run(invocation: Invocation): Promise<number> {
  const { args, flags } = invocation
  const [written = ''] = args
  const everyone = flags.isOn('everyone')
  const wait = readChangeWait(invocation)
  return runChange(invocation, async (client) => {
    const message = await nameOf(client, written)
    await confirm(invocation, everyone ? 'Delete it for everyone?' : 'Delete it here?')
    return client.call('message.delete', { message, everyone, ...wait })
  })
}

/** Before it asks: `@last` may be another one when it has been answered. */
async function nameOf(client: Client, written: string): Promise<string> {
  const { message, sender } = await client.call('message.show', { message: written })
  return `${message.id}@acct:${sender.id}`
}
