import { contactCommand } from './contact-command.js'

export const command = contactCommand({
  path: ['verify', 'reset'],
  method: 'verify.reset',
  summary: 'take back that the numbers were compared',
  details: [],
  examples: ['sotto verify reset @bob.42'],
  exits: [67],
})
