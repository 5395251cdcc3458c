import { assert, ownBytes, TrustError, type Bytes } from '@sotto/protocol'
import type { Core } from '../core.js'
import { introduce } from '../outbox/compose.js'
import { learnBundle } from '../outbox/seal-pending.js'
import type { Transactor } from '../store/store.js'
import { newContact, type Contact } from '../store/tables/contacts.js'
import { accept } from '../inbox/accept.js'
import { acceptContact, type LookupDoor } from './contacts.js'
import { directConversation } from './conversation-id.js'
import { findContact } from './find-contact.js'
import { noteIdentity } from './note-identity.js'
import { identityChanged, isUndecided } from './successor.js'
import { setVerified } from './verified.js'

/**
 * The account that has a contact's username now is the contact from here on. Accepts a request;
 * does nothing for a contact of whom nothing changed. Throws `identity/changed` for who was
 * verified: then numbers are compared.
 */
export async function trustContact(core: Core, door: LookupDoor, to: string): Promise<Contact> {
  const contact = findContact(core, to)
  const { read } = core.store
  const holder =
    contact.successor === null ? read.contacts.bySuccessor(contact.account)[0] : contact
  if (holder === undefined)
    return contact.trust === 'known'
      ? contact
      : acceptContact(core, door, `acct:${contact.account}`)
  if (isUndecided(read, holder)) throw wasVerified(core.views.nameOf(holder.account))
  return adoptSuccessor(core, door, { holder, verified: false })
}

/**
 * The successor gets name and local name and is known, and what it wrote is received; the account
 * known before keeps what was said. Nothing that waits for one goes to the other.
 */
export async function adoptSuccessor(
  core: Core,
  door: LookupDoor,
  decided: { readonly holder: Contact; readonly verified: boolean },
): Promise<Contact> {
  const { account, successor } = decided.holder
  assert(successor !== null, 'there is somebody to adopt')
  const known = core.store.read.contacts.byAccount(successor)
  const isMet = core.store.read.peers.peer(successor) !== undefined
  const route = (isMet ? known?.route : null) ?? (await learnRoute(core, door, decided.holder))
  return core.lane.run(async () =>
    core.store.transact((tx) => {
      const holder = tx.contacts.byAccount(account)
      // While we asked, the name may have gone on to somebody else.
      if (holder?.successor !== successor) throw identityChanged(core.views.nameOf(account))
      return adopt(tx, core, { holder, route, verified: decided.verified })
    }),
  )
}

async function learnRoute(core: Core, door: LookupDoor, holder: Contact): Promise<Bytes> {
  const account = holder.successor
  assert(account !== null, 'there is somebody to ask for')
  const bundle = await door.fetchBundle({ account, leave: { kind: 'stranger' } })
  await learnBundle(core, { account, bundle })
  return ownBytes(bundle.route)
}

function adopt(
  tx: Transactor,
  core: Core,
  adoption: { readonly holder: Contact; readonly route: Bytes; readonly verified: boolean },
): Contact {
  const { holder, route, verified } = adoption
  const { account, successor } = holder
  assert(successor !== null, 'there is somebody to adopt')
  const nowMs = core.ports.clock.nowMs()
  const before =
    tx.contacts.byAccount(successor) ??
    newContact({ account: successor, trust: 'request', createdMs: nowMs })
  setVerified(tx, core, { account, verified: false })
  tx.contacts.save({ ...holder, handle: null, alias: null, claimed: null, successor: null })
  tx.record({ type: 'contact.changed', account })
  const { handle } = holder
  const alias = holder.alias ?? before.alias
  tx.contacts.save({ ...before, handle, alias, route: before.route ?? route })
  tx.contacts.openConversation(directConversation(core.own.account, successor), nowMs)
  noteIdentity(tx, core, { account, change: 'trusted', other: successor })
  const began = { kind: 'identity', change: 'succeeded', other: account } as const
  tx.timeline.add({ account: successor, atMs: core.relayNowMs(), happening: began })
  if (before.trust === 'known') tx.record({ type: 'contact.changed', account: successor })
  const known = accept(tx, core, successor)
  if (!known.blocked) introduce(tx, core, known)
  if (verified) setVerified(tx, core, { account: successor, verified })
  return known
}

function wasVerified(name: string): TrustError {
  return new TrustError(
    'identity/changed',
    `${name} was verified, and the safety number changed. Nothing was changed.`,
    {
      fix: [
        `compare: sotto verify show ${name}`,
        `then:    sotto verify confirm ${name} --number …     or, no longer verified:  sotto verify reset ${name}`,
      ].join('\n'),
    },
  )
}
