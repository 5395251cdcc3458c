import {
  NotFoundError,
  SottoError,
  StorageError,
  type AccountId,
  type Bytes,
  type InviteLink,
  type wire,
} from '@sotto/protocol'
import { usernameHash } from '../account/username-hash.js'
import { inviteLeave } from '../account/invites.js'
import type { Core } from '../core.js'
import { accept } from '../inbox/accept.js'
import type { AnonymousDoor } from '../net/anonymous-door.js'
import { introduce } from '../outbox/compose.js'
import { learnBundle, openGiven } from '../outbox/seal-pending.js'
import type { Transactor } from '../store/store.js'
import { newContact, type Contact } from '../store/tables/contacts.js'
import { rename } from './address-book.js'
import { checkClaim } from './claims.js'
import { directConversation } from './conversation-id.js'
import { checkInvitedBy, checkRelay } from './check-invite.js'
import { findContact } from './find-contact.js'
import { noteMet } from './note-identity.js'
import { refuseBlocked } from './may-write.js'
import { itself, parseAlias, parseRecipient, resolve, type Resolved } from './recipient.js'
import { holderOf, identityChanged, isUndecided, lookUpAgain } from './successor.js'

export type LookupDoor = Pick<AnonymousDoor, 'lookupUsername' | 'fetchBundle'>

/**
 * Resolves somebody and stores them as a known contact with their keys and a session to write in.
 * Nothing is written to them. Somebody known is looked up again: their username may be another
 * account's by now. Throws `recipient/unknown`, `relay/unreachable`, `relay/rate-limited`,
 * `identity/changed`, `contact/blocked`.
 */
export async function addContact(
  core: Core,
  door: LookupDoor,
  added: { readonly to: string; readonly alias: string | undefined },
): Promise<Contact> {
  const alias = added.alias === undefined ? undefined : parseAlias(added.alias)
  const resolved = resolve(core.store.read, parseRecipient(added.to))
  if (resolved.kind === 'contact') await confirmKnown(core, door, resolved.contact)
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
      throw itself()
    case 'contact':
      await mayAccept(core, door, resolved.contact)
      return core.store.transact((tx) => accept(tx, core, resolved.contact.account))
    case 'stranger': {
      const account = await door.lookupUsername(usernameHash(resolved.username))
      if (account === core.own.account) throw itself()
      return meet(core, door, { account, handle: resolved.username })
    }
    case 'stranger-account':
      return meet(core, door, { account: resolved.account, handle: null })
    case 'invited': {
      const { link, contact } = resolved
      checkRelay(core, link)
      if (contact !== undefined) await mayAccept(core, door, contact)
      return meet(core, door, { account: link.account, handle: null, invite: link })
    }
  }
}

/**
 * A request becomes a contact: what was held is journalled as received, receipts fall due, our
 * profile goes out. Nothing changes for somebody who is a contact already.
 */
export async function acceptContact(core: Core, door: LookupDoor, to: string): Promise<Contact> {
  const contact = findContact(core, to)
  if (contact.trust === 'known' && contact.successor !== null)
    throw identityChanged(core.views.nameOf(contact.account))
  await mayAccept(core, door, contact)
  const accepted = core.store.transact((tx) => {
    const known = accept(tx, core, contact.account)
    introduce(tx, core, known)
    return known
  })
  if (accepted.handle !== null || accepted.claimed === null) return accepted
  return unlessRelayFails(checkClaim(core, door, accepted), accepted)
}

/**
 * Every request that waits, as one who accepts everybody would have when it came; but nobody who
 * claims the name of a contact, for that is for a person to decide.
 */
export function acceptAllRequests(tx: Transactor, core: Core): void {
  for (const contact of tx.contacts.all()) {
    const { account, trust, blocked, claimed } = contact
    if (trust === 'known' || blocked || holderOf(tx, claimed, account) !== undefined) continue
    introduce(tx, core, accept(tx, core, account))
  }
}

/** Throws `identity/changed` where the username of somebody known is another account's now. */
async function confirmKnown(core: Core, door: LookupDoor, known: Contact): Promise<void> {
  if (known.trust !== 'known') return
  const looking = lookUpAgain(core, door, { contact: known, gone: false })
  const contact = await unlessRelayFails(looking, known)
  if (contact.successor !== null) throw identityChanged(core.views.nameOf(contact.account))
}

/**
 * Throws for who is blocked, and for whoever has the username of a contact that was verified: the
 * relay is asked before they get anything.
 */
async function mayAccept(core: Core, door: LookupDoor, contact: Contact): Promise<void> {
  refuseBlocked(core, contact)
  if (contact.trust === 'known') return
  const { read } = core.store
  if (holderOf(read, contact.claimed, contact.account) !== undefined)
    await checkClaim(core, door, contact)
  const undecided = read.contacts
    .bySuccessor(contact.account)
    .find((holder) => isUndecided(read, holder))
  if (undecided !== undefined) throw identityChanged(core.views.nameOf(undecided.account))
}

/** What is only worth knowing; without the relay it stays as it was. */
async function unlessRelayFails(asking: Promise<Contact>, otherwise: Contact): Promise<Contact> {
  try {
    return await asking
  } catch (thrown) {
    if (thrown instanceof SottoError && !(thrown instanceof StorageError)) return otherwise
    throw thrown
  }
}

/** Somebody who was looked up, or whose link we were given. */
interface Met {
  readonly account: AccountId
  readonly handle: string | null
  readonly invite?: InviteLink
}

/** Somebody new: identity, manifest, route and sessions from the relay, checked, in one commit. */
async function meet(core: Core, door: LookupDoor, person: Met): Promise<Contact> {
  const { account, invite } = person
  const known = core.store.read.contacts.byAccount(account)
  if (known?.route == null) {
    const shown = invite && inviteLeave(invite.secret.reveal(), core.own.account)
    const bundle = await door
      .fetchBundle({ account, leave: { kind: 'stranger', invite: shown } })
      .catch((thrown: unknown) => {
        throw unknownAccount(thrown)
      })
    if (invite !== undefined) checkInvitedBy(invite, identityIn(core, bundle))
    await learnBundle(core, { account, bundle }, (tx) => {
      saveMet(tx, core, person)
    })
  } else if (invite !== undefined) {
    checkInvitedBy(invite, core.store.read.peers.peer(account)?.identityKey)
  }
  return core.store.transact((tx) => {
    saveMet(tx, core, person)
    return accept(tx, core, account)
  })
}

/** Undefined where the relay gave no manifest, which is refused when it is learnt. */
function identityIn(core: Core, { manifest }: wire.AccountBundle): Bytes | undefined {
  return manifest === undefined ? undefined : openGiven(core, manifest).parsed.identityKey
}

function saveMet(tx: Transactor, core: Core, person: Met): void {
  const nowMs = core.ports.clock.nowMs()
  const before = tx.contacts.byAccount(person.account)
  tx.contacts.openConversation(directConversation(core.own.account, person.account), nowMs)
  const contact =
    before ?? newContact({ account: person.account, trust: 'known', createdMs: nowMs })
  // Who has given us leave to write has us as a contact already.
  const inviteSecret =
    person.invite === undefined || contact.accessKey !== null
      ? contact.inviteSecret
      : person.invite.secret.reveal()
  tx.contacts.save({ ...contact, handle: person.handle ?? contact.handle, inviteSecret })
  if (before === undefined) noteMet(tx, core, person.account)
}

function unknownAccount(thrown: unknown): unknown {
  if (!(thrown instanceof SottoError) || thrown.code !== 'relay/refused') return thrown
  return new NotFoundError('recipient/unknown', 'there is no such account on this relay', {
    cause: thrown,
    fix: 'Check the id; an account that was deleted never comes back.',
  })
}
