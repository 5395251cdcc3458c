import { createInvite, listInvites, revokeInvite } from '../account/invites.js'
import { count, method, optional, text } from './method.js'

export const inviteMethods = {
  /**
   * A link that makes whoever uses it a contact. `uses`: how many people may (default 1),
   * `lifetimeMs`: for how long (default 7 days); 0 is without end.
   */
  'invite.create': method(
    { uses: optional(count), lifetimeMs: optional(count) },
    ({ core, connection }, terms) => {
      const invite = createInvite(core, terms)
      connection.refresh()
      return invite
    },
  ),

  /** Those that are over included. */
  'invite.list': method({}, ({ core }) => listInvites(core)),

  /** By id, or a unique beginning of 6 or more characters. */
  'invite.revoke': method({ id: text }, ({ core, connection }, { id }) => {
    const invite = revokeInvite(core, id)
    connection.refresh()
    return invite
  }),
}
