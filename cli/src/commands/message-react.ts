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
  path: ['message', 'react'],
  summary: 'answer a message with one emoji',
  arguments: [MESSAGE_ARGUMENT, { usage: '<emoji>', summary: 'one emoji' }],
  flags: CHANGE_FLAGS,
  details: [
    'Each person has one reaction to a message: a new one takes the place of the one before, and sotto message unreact takes it back. A request has to be accepted first (77): a reaction would answer it.',
    CHANGE_DETAIL,
  ],
  examples: ['sotto message react @last:@bob 👍'],
  run,
}

function run(invocation: Invocation): Promise<number> {
  const [message = '', emoji = ''] = invocation.args
  const wait = readChangeWait(invocation)
  return runChange(invocation, (client) =>
    client.call('message.react', { message, emoji, ...wait }),
  )
}
