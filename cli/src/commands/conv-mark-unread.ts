import { conversationCommand } from './conversation-command.js'

export const command = conversationCommand({
  verb: 'mark-unread',
  method: 'conversation.markUnread',
  summary: 'mark a conversation, to come back to it',
  details: ['No message becomes unread and nobody is told; mark-read takes the mark away.'],
  examples: ['sotto conv mark-unread @bob'],
})
