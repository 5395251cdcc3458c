import { NotFoundError, TrustError, type AccountId } from '@sotto/protocol'
import { claimedUsernameHash } from '../account/username-hash.js'
import type { Core } from '../core.js'
import type { AnonymousDoor } from '../net/anonymous-door.js'
import type { Reader, Transactor } from '../store/store.js'
import type { Contact } from '../store/tables/contacts.js'
import { noteIdentity } from './note-identity.js'
import { noteName } from './note-name.js'

/**
 * An account id certifies its first identity key, so no key of an account changes unseen. What
 * changes is whose a username is: somebody lost their device and made a new account, or somebody
 * took the name. The account that has a contact's username now is the contact's successor; nothing
 * goes to it, and nothing of it is answered, until a person has decided.
 */

export type UsernameDoor = Pick<AnonymousDoor, 'lookupUsername'>

/** The contact, other than `account`, who is known by a username. */
export function holderOf(
  { contacts }: Pick<Reader, 'contacts'>,
  username: string | null,
  account: AccountId,
): Contact | undefined {
  if (username === null) return undefined
  return contacts
    .byHandle(username)
    .find((contact) => contact.trust === 'known' && contact.account !== account)
}

/**
 * A contact's username is another account's now: told once for each such account. Where a person
 * has decided for the account known before (`verified`), only its end raises the question again.
 */
export function noteSuccessor(
  tx: Transactor,
  core: Core,
  changed: {
    readonly contact: Contact
    readonly successor: AccountId
    /** The relay does not know the contact's account any more. */
    readonly gone: boolean
  },
): void {
  const { contact, successor, gone } = changed
  const { account } = contact
  if (contact.successor === successor) return
  if (successor === core.own.account) {
    // The name is our own now.
    tx.contacts.save({ ...contact, handle: null, successor: null })
    tx.record({ type: 'contact.changed', account })
    const change = { what: 'handle', from: contact.handle, to: null } as const
    noteName(tx, { account, atMs: core.relayNowMs() }, change)
    return
  }
  if (!gone && tx.identityLog.has({ account, event: 'verified', other: successor })) return
  tx.contacts.save({ ...contact, successor })
  if (tx.identityLog.has({ account, event: 'changed', other: successor })) return
  noteIdentity(tx, core, { account, change: 'changed', other: successor })
  tx.record({ type: 'identity.changed', account, detail: { successor } })
}

/**
 * Looks up who has the username that a contact is known by. A name that nobody has stays with the
 * contact: whoever takes it next must not pass for them. Throws what the relay says.
 */
export async function lookUpAgain(
  core: Core,
  door: UsernameDoor,
  looked: { readonly contact: Contact; readonly gone: boolean },
): Promise<Contact> {
  const { account, handle } = looked.contact
  const hash = handle === null ? undefined : claimedUsernameHash(handle)
  if (hash === undefined) return looked.contact
  const owner = await door.lookupUsername(hash).catch((thrown: unknown) => {
    if (thrown instanceof NotFoundError) return undefined
    throw thrown
  })
  return core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(account)
    if (contact === undefined || contact.handle !== handle || owner === undefined)
      return contact ?? looked.contact
    if (owner !== account) noteSuccessor(tx, core, { contact, successor: owner, gone: looked.gone })
    else if (contact.successor !== null) {
      tx.contacts.save({ ...contact, successor: null })
      tx.record({ type: 'contact.changed', account })
    }
    return tx.contacts.byAccount(account) ?? contact
  })
}

/** A person compared the number of the account known so far: until they decide, nothing goes. */
export function isUndecided({ peers }: Pick<Reader, 'peers'>, contact: Contact): boolean {
  return contact.successor !== null && peers.peer(contact.account)?.verified === true
}

/** cli.md, "Exit codes": what is said of a contact whose safety number changed. */
export function identityChanged(name: string): TrustError {
  return new TrustError('identity/changed', `${name}'s safety number changed. Not sent.`, {
    fix: [
      `compare: sotto verify show ${name}`,
      `then:    sotto verify confirm ${name} --number …     or, unverified:  sotto contact trust ${name}`,
    ].join('\n'),
  })
}
