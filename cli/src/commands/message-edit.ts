import { checkText, readText } from '../text.js'
import { unlessAborted } from '../with-client.js'
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
  path: ['message', 'edit'],
  summary: 'write an own message anew',
  arguments: [MESSAGE_ARGUMENT, { usage: '<text>', summary: 'quoted; - reads stdin' }],
  flags: CHANGE_FLAGS,
  details: [
    'Everybody who has the message sees the new text, and that it was edited and when. What still waits and has never left this device is sent as it is then.',
    CHANGE_DETAIL,
  ],
  examples: [
    'sotto message edit m_01J9ABCD "at eight, not seven"',
    'date | sotto message edit m_01J9ABCD -',
  ],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { args, literal, world } = invocation
  const [message = '', written = ''] = args
  const wait = readChangeWait(invocation)
  const isStdin = written === '-' && literal === 0
  const text = checkText(
    isStdin ? await unlessAborted(world.signal, readText(world.stdin)) : written,
  )
  return runChange(invocation, (client) => client.call('message.edit', { message, text, ...wait }))
}
