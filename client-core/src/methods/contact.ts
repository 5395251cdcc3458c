import { acceptContact, addContact } from '../conversation/contacts.js'
import { readContacts } from '../conversation/reading.js'
import { method, optional, text } from './method.js'

export const contactMethods = {
  /** Resolves, stores and writes to nobody. An existing request becomes a known contact. */
  'contact.add': method({ to: text, alias: optional(text) }, async (open, { to, alias }) => {
    const { core, anonymous } = open
    return core.views.contact(await addContact(core, anonymous, { to, alias }))
  }),

  /** A request becomes a contact: held messages are journalled, our profile goes out. */
  'contact.accept': method({ to: text }, async ({ core, anonymous, worker }, { to }) => {
    const contact = await acceptContact(core, anonymous, to)
    worker.kick()
    return core.views.contact(contact)
  }),

  'contact.list': method({}, ({ core }) => readContacts(core)),
}
