import { conversationCommand } from './conversation-command.js'

export const command = conversationCommand({
  verb: 'unmute',
  method: 'conversation.unmute',
  summary: 'let a conversation be heard again',
  examples: ['sotto conv unmute @bob'],
})
