import { conversationCommand } from './conversation-command.js'

export const command = conversationCommand({
  verb: 'mark-read',
  method: 'conversation.markRead',
  summary: 'mark everything received as read',
  details: ['Read receipts fall due; this waits up to ten seconds for their random moment.'],
  receipts: true,
  examples: ['sotto conv mark-read @bob'],
})
