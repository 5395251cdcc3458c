import { conversationCommand } from './conversation-command.js'

export const command = conversationCommand({
  verb: 'unpin',
  method: 'conversation.unpin',
  summary: 'let a conversation stand where its last message puts it',
  examples: ['sotto conv unpin @bob'],
})
