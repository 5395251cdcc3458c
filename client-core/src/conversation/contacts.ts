import { InputError, NotFoundError, SottoError, type AccountId } from '@sotto/protocol'
import { claimedUsernameHash, usernameHash } from '../account/username-hash.js'
import type { Core } from '../core.js'
import { announce } from '../inbox/apply.js'
import type { AnonymousDoor } from '../net/anonymous-door.js'
import { introduce } from '../outbox/compose.js'
import { learnBundle } from '../outbox/seal-pending.js'
import type { Transactor } from '../store/store.js'
import { newContact, type Contact } from '../store/tables/contacts.js'
import { directConversation } from './conversation-id.js'
import { parseAlias, parseRecipient, resolve, type Resolved } from './recipient.js'

export type LookupDoor = Pick<AnonymousDoor, 'lookupUsername' | 'fetchBundle'>

/**
 * Resolves somebody and stores them as a known contact with their keys and a session to write in.
 * Nothing is written to them. Throws `recipient/unknown`, `relay/unreachable`, `relay/rate-limited`.
 */
export async function addContact(
  core: Core,
  door: LookupDoor,
  added: { readonly to: string; readonly alias: string | undefined },
): Promise<Contact> {
  const alias = added.alias === undefined ? undefined : parseAlias(added.alias)
  const resolved = resolve(core.store.read, parseRecipient(added.to))
  const contact = await knownContact(core, door, resolved)
  if (alias === undefined) return contact
  return core.store.transact((tx) => rename(tx, contact.account, alias))
}

/** A contact for whatever was resolved, looked up where this device does not know them. */
export async function knownContact(
  core: Core,
  door: LookupDoor,
  resolved: Resolved,
): Promise<Contact> {
  switch (resolved.kind) {
    case 'self':
      throw new NotFoundError('recipient/self', 'that is your own account')
    case 'contact':
      return core.store.transact((tx) => accept(tx, core, resolved.contact.account))
    case 'stranger': {
      const account = await door.lookupUsername(usernameHash(resolved.username))
      if (account === core.own.account)
        throw new NotFoundError('recipient/self', 'that is your own address')
      return meet(core, door, { account, handle: resolved.username })
    }
    case 'stranger-account':
      return meet(core, door, { account: resolved.account, handle: null })
  }
}

/**
 * A request becomes a contact: what was held is journalled as received, receipts fall due, our
 * profile goes out. Nothing changes for somebody who is a contact already.
 */
export async function acceptContact(core: Core, door: LookupDoor, to: string): Promise<Contact> {
  const contact = findRequest(core, to)
  const accepted = core.store.transact((tx) => {
    const known = accept(tx, core, contact.account)
    introduce(tx, core, known)
    return known
  })
  return confirmHandle(core, door, accepted)
}

/** Every request that waits, as one who accepts everybody would have when it came. */
export function acceptAllRequests(tx: Transactor, core: Core): void {
  for (const contact of tx.contacts.all()) {
    if (contact.trust === 'request') introduce(tx, core, accept(tx, core, contact.account))
  }
}

/** By handle, alias or account; and by the username a request claims, while only one claims it. */
function findRequest(core: Core, to: string): Contact {
  const { read } = core.store
  const recipient = parseRecipient(to)
  const resolved = resolve(read, recipient)
  if (resolved.kind === 'contact') return resolved.contact
  if (recipient.kind === 'username') {
    const wanted = recipient.username.toLowerCase()
    const claims = read.contacts
      .all()
      .filter((contact) => contact.trust === 'request' && contact.claimed?.toLowerCase() === wanted)
    const [claim, other] = claims
    if (other !== undefined) {
      const names = claims.map((each) => `acct:${each.account}`)
      throw new NotFoundError(
        'recipient/ambiguous',
        `several requests claim ${to}: ${names.join(', ')}`,
        { fix: 'Accept one by its account.' },
      )
    }
    if (claim !== undefined) return claim
  }
  throw new NotFoundError('recipient/unknown', `there is no request from ${to}`, {
    fix: 'See who asked: sotto contact list',
  })
}

/** Best effort: a claimed username is shown as theirs once a lookup gives the same account. */
async function confirmHandle(core: Core, door: LookupDoor, contact: Contact): Promise<Contact> {
  const hash =
    contact.handle === null && contact.claimed !== null
      ? claimedUsernameHash(contact.claimed)
      : undefined
  if (hash === undefined) return contact
  try {
    if ((await door.lookupUsername(hash)) !== contact.account) return contact
  } catch (thrown) {
    if (thrown instanceof SottoError) return contact // Not now; it stays a claim.
    throw thrown
  }
  return core.store.transact((tx) => {
    const now = tx.contacts.byAccount(contact.account) ?? contact
    const confirmed = { ...now, handle: contact.claimed }
    tx.contacts.save(confirmed)
    return confirmed
  })
}

function accept(tx: Transactor, core: Core, account: AccountId): Contact {
  const contact = tx.contacts.byAccount(account)
  if (contact === undefined)
    throw new NotFoundError('recipient/unknown', 'there is no such contact')
  if (contact.trust === 'known') return contact
  const known: Contact = { ...contact, trust: 'known' }
  tx.contacts.save(known)
  tx.record({ type: 'contact.changed', account })
  const held = tx.messages.heldOf(account)
  tx.messages.release(account)
  for (const message of held) announce(tx, core, { ...message, held: false })
  return known
}

/** Somebody new: identity, manifest, route and sessions from the relay, checked, in one commit. */
async function meet(
  core: Core,
  door: LookupDoor,
  person: { readonly account: AccountId; readonly handle: string | null },
): Promise<Contact> {
  const { account, handle } = person
  const known = core.store.read.contacts.byAccount(account)
  if (known?.route == null) {
    const bundle = await door
      .fetchBundle({ account, leave: { kind: 'stranger' } })
      .catch((thrown: unknown) => {
        throw unknownAccount(thrown)
      })
    await learnBundle(core, { account, bundle }, (tx) => {
      saveMet(tx, core, person)
    })
  }
  return core.store.transact((tx) => {
    saveMet(tx, core, { account, handle })
    return accept(tx, core, account)
  })
}

function saveMet(
  tx: Transactor,
  core: Core,
  person: { readonly account: AccountId; readonly handle: string | null },
): void {
  const nowMs = core.ports.clock.nowMs()
  const before = tx.contacts.byAccount(person.account)
  tx.contacts.openConversation(directConversation(core.own.account, person.account), nowMs)
  const contact =
    before ?? newContact({ account: person.account, trust: 'known', createdMs: nowMs })
  tx.contacts.save({ ...contact, handle: person.handle ?? contact.handle })
}

function rename(tx: Transactor, account: AccountId, alias: string): Contact {
  const other = tx.contacts.byAlias(alias)
  const contact = tx.contacts.byAccount(account)
  if (contact === undefined)
    throw new NotFoundError('recipient/unknown', 'there is no such contact')
  if (other !== undefined && other.account !== account) {
    throw new InputError('content/invalid', `another contact is called @${alias} already`, {
      fix: 'Choose another local name.',
    })
  }
  const renamed = { ...contact, alias }
  tx.contacts.save(renamed)
  return renamed
}

function unknownAccount(thrown: unknown): unknown {
  if (!(thrown instanceof SottoError) || thrown.code !== 'relay/refused') return thrown
  return new NotFoundError('recipient/unknown', 'there is no such account on this relay', {
    cause: thrown,
  })
}
