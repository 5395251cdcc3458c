import { conversationCommand } from './conversation-command.js'

export const command = conversationCommand({
  verb: 'archive',
  method: 'conversation.archive',
  summary: 'put a conversation away',
  details: ['It comes back when something is received in it, unless it is muted.'],
  examples: ['sotto conv archive @bob'],
})
