import { conversationCommand } from './conversation-command.js'

export const command = conversationCommand({
  verb: 'unarchive',
  method: 'conversation.unarchive',
  summary: 'take a conversation out of the archive',
  examples: ['sotto conv unarchive @bob'],
})
