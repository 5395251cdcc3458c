import { contactCommand } from './contact-command.js'

export const command = contactCommand({
  path: ['contact', 'unblock'],
  method: 'contact.unblock',
  summary: 'read what somebody writes again',
  details: ['What they wrote meanwhile is gone: it was dropped unread.'],
  examples: ['sotto contact unblock @eve.66'],
  exits: [67],
})
