import { NotFoundError, SottoError, type AccountId } from '@sotto/protocol'
import { claimedUsernameHash } from '../account/username-hash.js'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import type { Contact } from '../store/tables/contacts.js'
import { noteName } from './note-name.js'
import { holderOf, noteSuccessor, type UsernameDoor } from './successor.js'

/**
 * Looks up the username that somebody claims. It becomes their handle where it is theirs, they are
 * a contact, and no other contact is known by it; another contact of that name has a successor.
 * Throws what the relay says; then the claim counts as not looked up.
 */
export async function checkClaim(
  core: Core,
  door: UsernameDoor,
  claimant: Contact,
): Promise<Contact> {
  const { account, claimed } = claimant
  if (claimed === null) return claimant
  noteChecked(core, account, { claimed, atMs: core.ports.clock.nowMs() })
  const hash = claimedUsernameHash(claimed)
  const owner =
    hash === undefined ? undefined : await lookUp(core, door, { account, claimed, hash })
  return core.store.transact((tx) => {
    if (owner !== undefined) settle(tx, core, { account, claimed, owner })
    return tx.contacts.byAccount(account) ?? claimant
  })
}

async function lookUp(
  core: Core,
  door: UsernameDoor,
  claim: {
    readonly account: AccountId
    readonly claimed: string
    readonly hash: Uint8Array
  },
): Promise<AccountId | undefined> {
  try {
    return await door.lookupUsername(claim.hash)
  } catch (thrown) {
    if (thrown instanceof NotFoundError) return undefined
    if (thrown instanceof SottoError)
      noteChecked(core, claim.account, { claimed: claim.claimed, atMs: 0 })
    throw thrown
  }
}

function settle(
  tx: Transactor,
  core: Core,
  claim: { readonly account: AccountId; readonly claimed: string; readonly owner: AccountId },
): void {
  const { account, claimed, owner } = claim
  const holder = holderOf(tx, claimed, owner)
  if (holder !== undefined) {
    noteSuccessor(tx, core, { contact: holder, successor: owner, gone: false })
    return
  }
  const contact = tx.contacts.byAccount(account)
  if (owner !== account || contact?.trust !== 'known' || contact.claimed !== claimed) return
  if (contact.handle === claimed) return
  tx.contacts.save({ ...contact, handle: claimed })
  tx.record({ type: 'contact.changed', account })
  const change = { what: 'handle', from: contact.handle, to: claimed } as const
  noteName(tx, { account, atMs: core.relayNowMs() }, change)
}

/** Noted before it is asked: others who look for claims meanwhile find it asked. */
function noteChecked(
  core: Core,
  account: AccountId,
  check: { readonly claimed: string; readonly atMs: number },
): void {
  core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(account)
    if (contact === undefined) return
    tx.contacts.save({ ...contact, claimChecked: check.claimed, claimCheckedMs: check.atMs })
  })
}
