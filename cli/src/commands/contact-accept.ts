import { contactCommand } from './contact-command.js'

export const command = contactCommand({
  path: ['contact', 'accept'],
  method: 'contact.accept',
  summary: 'answer a message request',
  details: [
    'From then on they get receipts, and what they wrote before is received. Whoever asks by the name of a contact you verified is not accepted before you have decided who is meant: exit 80.',
  ],
  examples: ['sotto contact accept @carol.77'],
  exits: [67, 77, 80],
})
