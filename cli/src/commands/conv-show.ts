import { conversationCommand } from './conversation-command.js'

export const command = conversationCommand({
  verb: 'show',
  method: 'conversation.show',
  summary: 'print how a conversation stands',
  examples: ['sotto conv show @bob --json'],
})
