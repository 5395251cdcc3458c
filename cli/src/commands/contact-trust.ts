import { contactCommand } from './contact-command.js'

export const command = contactCommand({
  path: ['contact', 'trust'],
  method: 'contact.trust',
  summary: 'go on with the account that has a contact’s username now',
  details: [
    'Where somebody’s safety number changed, because they made a new account or somebody took their name: the new account becomes the contact, gets their local name, and what it wrote is received. The one before keeps what was said, under acct:… and id:… Compare numbers first if you can: sotto verify show.',
    'A contact you verified is not trusted anew like this: sotto verify confirm. For a request it is the same as contact accept; where nothing changed it does nothing.',
  ],
  examples: ['sotto contact trust @bob.42'],
  exits: [67, 69, 77, 80, 82],
})
