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
  path: ['message', 'unreact'],
  summary: 'take your reaction back',
  arguments: [MESSAGE_ARGUMENT],
  flags: CHANGE_FLAGS,
  details: [CHANGE_DETAIL],
  examples: ['sotto message unreact @last:@bob'],
  run,
}

function run(invocation: Invocation): Promise<number> {
  const [message = ''] = invocation.args
  const wait = readChangeWait(invocation)
  return runChange(invocation, (client) => client.call('message.unreact', { message, ...wait }))
}
