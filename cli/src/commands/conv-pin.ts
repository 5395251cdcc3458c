import { conversationCommand } from './conversation-command.js'

export const command = conversationCommand({
  verb: 'pin',
  method: 'conversation.pin',
  summary: 'keep a conversation at the top of the list',
  examples: ['sotto conv pin @bob'],
})
