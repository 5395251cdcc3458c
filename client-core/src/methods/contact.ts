import { removeContact, renameContact } from '../conversation/address-book.js'
import { blockContact, unblockContact } from '../conversation/block.js'
import { acceptContact, addContact } from '../conversation/contacts.js'
import { findContact } from '../conversation/find-contact.js'
import { readContacts, readHeld } from '../conversation/reading.js'
import { trustContact } from '../conversation/trust.js'
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

  /** The account that has their username now is the contact; a request is accepted. */
  'contact.trust': method({ to: text }, async ({ core, anonymous, worker }, { to }) => {
    const contact = await trustContact(core, anonymous, to)
    worker.kick()
    return core.views.contact(contact)
  }),

  /** Local and at once; then the access key they may have is replaced. */
  'contact.block': method({ to: text }, async ({ core, connection }, { to }) => {
    const contact = await blockContact(core, to)
    connection.refresh()
    return core.views.contact(contact)
  }),

  'contact.unblock': method({ to: text }, ({ core, worker }, { to }) => {
    const contact = unblockContact(core, to)
    worker.kick()
    return core.views.contact(contact)
  }),

  /** A local name; `alias` left out takes it away. */
  'contact.rename': method({ to: text, alias: optional(text) }, ({ core }, { to, alias }) =>
    core.views.contact(renameContact(core, to, alias)),
  ),

  /** Forgets names, keys and verification; what was said stays. An account no contact has is done. */
  'contact.remove': method(
    { to: text },
    async ({ core }, { to }): Promise<Record<string, never>> => {
      await removeContact(core, to)
      return {}
    },
  ),

  'contact.show': method({ to: text }, ({ core }, { to }) =>
    core.views.contactDetail(findContact(core, to)),
  ),

  /** What a request has written so far: to be read before anybody decides. */
  'contact.held': method({ to: text }, ({ core }, { to }) => readHeld(core, to)),

  'contact.list': method({}, ({ core }) => readContacts(core)),
}
