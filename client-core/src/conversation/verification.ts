import {
  assert,
  fromBase64url,
  NotFoundError,
  UsageError,
  type AccountId,
  type Bytes,
} from '@sotto/protocol'
import {
  matchesScanned,
  safetyNumber,
  shownNumber,
  type LocalIdentity,
  type RemoteIdentity,
} from '../account/safety-number.js'
import type { Core } from '../core.js'
import type { IdentityLogObject, VerifyObject } from '../objects.js'
import { fetchBundle } from '../outbox/submit-sealed.js'
import type { Transactor } from '../store/store.js'
import type { Contact } from '../store/tables/contacts.js'
import type { LookupDoor } from './contacts.js'
import { findContact } from './find-contact.js'
import { noteIdentity } from './note-identity.js'
import { parseRecipient, resolve } from './recipient.js'
import { adoptSuccessor } from './trust.js'
import { setVerified } from './verified.js'

interface Asked {
  readonly anonymous: LookupDoor
}

/** What somebody read or scanned from the other's screen. */
export type Compared =
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'scanned'; readonly bytes: Bytes }

/** Throws `usage/invalid` for what is not 60 digits, however they are grouped. */
export function parseSafetyNumber(written: string): Compared {
  const digits = written.replaceAll(/\s/g, '')
  if (/^\d{60}$/.test(digits)) return { kind: 'number', digits }
  throw new UsageError('usage/invalid', 'that is not a safety number', {
    fix: 'It has 60 digits; spaces between them do not matter.',
  })
}

/** Base64url, as `verify qr --json` prints it on the other side. */
export function parseScanned(written: string): Compared {
  const bytes = fromBase64url(written)
  if (bytes !== undefined) return { kind: 'scanned', bytes }
  throw new UsageError('usage/invalid', 'that is not what a QR code of sotto verify qr holds')
}

/**
 * The number shared with somebody; where their username is another account's now, with that one.
 * Asks the relay for keys that are not known yet.
 */
export async function showNumber(
  core: Core,
  asked: Asked,
  to: string,
): Promise<{ readonly verify: VerifyObject; readonly scannable: Bytes }> {
  const contact = findContact(core, to)
  const account = contact.successor ?? contact.account
  const remote = await remoteIdentity(core, asked, account)
  const { digits, scannable } = shownNumber(local(core), remote)
  const verify: VerifyObject = {
    handle: core.views.nameOf(contact.account),
    safetyNumber: digits,
    verified: core.views.isVerified(account),
  }
  return {
    verify: contact.successor === null ? verify : { ...verify, changed: true },
    scannable,
  }
}

/**
 * Two people compared their numbers and they are equal. Where the username is another account's
 * now, its number makes that account the contact; the number of the account known before keeps that
 * one. Throws `identity/mismatch`.
 */
export async function confirmNumber(
  core: Core,
  asked: Asked,
  confirmed: { readonly to: string; readonly compared: Compared },
): Promise<Contact> {
  const contact = findContact(core, confirmed.to)
  const { account, successor } = contact
  const isOf = async (other: AccountId): Promise<boolean> =>
    matches(core, await remoteIdentity(core, asked, other), confirmed.compared)
  if (successor !== null && (await isOf(successor)))
    return adoptSuccessor(core, asked.anonymous, { holder: contact, verified: true })
  if (!(await isOf(account))) throw mismatch(core.views.nameOf(account))
  return core.lane.run(async () => core.store.transact((tx) => keep(tx, core, contact)))
}

/** Takes back that the numbers were compared. */
export async function resetVerified(core: Core, to: string): Promise<Contact> {
  const contact = findContact(core, to)
  const { account } = contact
  await core.lane.run(async () => {
    core.store.transact((tx) => {
      setVerified(tx, core, { account, verified: false })
    })
  })
  return contact
}

/** What happened to safety numbers, oldest first; also of somebody who is no contact any more. */
export function readIdentityLog(core: Core, to: string | undefined): readonly IdentityLogObject[] {
  const account = to === undefined ? undefined : accountOf(core, to)
  return core.store.read.identityLog
    .entries(account)
    .map((entry) => core.views.identityEntry(entry))
}

function accountOf(core: Core, to: string): AccountId {
  const resolved = resolve(core.store.read, parseRecipient(to))
  return resolved.kind === 'stranger-account' ? resolved.account : findContact(core, to).account
}

/** The account known so far is the right one, whoever has the username now. */
function keep(tx: Transactor, core: Core, { account, successor }: Contact): Contact {
  const contact = tx.contacts.byAccount(account)
  if (contact === undefined)
    throw new NotFoundError('recipient/unknown', 'there is no such contact any more')
  setVerified(tx, core, { account, verified: true })
  if (successor === null || contact.successor !== successor) return contact
  const kept: Contact = { ...contact, successor: null }
  tx.contacts.save(kept)
  noteIdentity(tx, core, { account, change: 'verified', other: successor })
  tx.record({ type: 'contact.changed', account })
  return kept
}

function matches(core: Core, remote: RemoteIdentity, compared: Compared): boolean {
  return compared.kind === 'number'
    ? compared.digits === safetyNumber(local(core), remote)
    : matchesScanned(local(core), remote, compared.bytes)
}

function local({ own }: Core): LocalIdentity {
  return { account: own.account, identity: own.identity.publicKey }
}

async function remoteIdentity(
  core: Core,
  asked: Asked,
  account: AccountId,
): Promise<RemoteIdentity> {
  if (core.store.read.peers.peer(account) === undefined) await fetchBundle(core, asked, account)
  const peer = core.store.read.peers.peer(account)
  assert(peer !== undefined, 'a fetched bundle leaves a peer')
  return { account, identityKey: peer.identityKey }
}

function mismatch(name: string): NotFoundError {
  return new NotFoundError(
    'identity/mismatch',
    `that is not the safety number shared with ${name}`,
    {
      fix: `Read it to each other again: sotto verify show ${name}\nIf it stays different, somebody stands between.`,
    },
  )
}
