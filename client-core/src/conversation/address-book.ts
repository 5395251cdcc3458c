import { InputError, NotFoundError, PermissionError, type AccountId } from '@sotto/protocol'
import type { Core } from '../core.js'
import { cancelAllTo } from '../outbox/delivery.js'
import type { Transactor } from '../store/store.js'
import type { Contact } from '../store/tables/contacts.js'
import { findContact } from './find-contact.js'
import { noteName } from './note-name.js'
import { parseAlias, parseRecipient, resolve } from './recipient.js'
import { setVerified } from './verified.js'

/** A local name, or none. Throws `content/invalid` where another contact has it. */
export function renameContact(core: Core, to: string, alias: string | undefined): Contact {
  const name = alias === undefined ? null : parseAlias(alias)
  const { account } = findContact(core, to)
  return core.store.transact((tx) => {
    const from = tx.contacts.byAccount(account)?.alias ?? null
    const renamed = rename(tx, account, name)
    noteName(tx, { account, atMs: core.relayNowMs() }, { what: 'alias', from, to: name })
    tx.record({ type: 'contact.changed', account })
    return renamed
  })
}

export function rename(tx: Transactor, account: AccountId, alias: string | null): Contact {
  const other = alias === null ? undefined : tx.contacts.byAlias(alias)
  const contact = tx.contacts.byAccount(account)
  if (contact === undefined)
    throw new NotFoundError('recipient/unknown', 'there is no such contact')
  if (other !== undefined && other.account !== account) {
    throw new InputError('content/invalid', `another contact is called @${alias ?? ''} already`, {
      fix: 'Choose another local name.',
    })
  }
  const renamed = { ...contact, alias }
  tx.contacts.save(renamed)
  return renamed
}

/**
 * Forgets somebody: names, leave to write to them, that they were verified, that they have our
 * profile. What was said stays, under `acct:` and `id:`; what a request said goes, nobody accepted
 * it. Does nothing for an account that is no contact: whoever asks twice gets the same.
 */
export async function removeContact(core: Core, to: string): Promise<void> {
  const resolved = resolve(core.store.read, parseRecipient(to))
  if (resolved.kind === 'stranger-account') return
  const { account } = findContact(core, to)
  await core.lane.run(async () => {
    const name = core.views.nameOf(account)
    core.store.transact((tx) => {
      cancelAllTo(tx, core, account, removed(name))
      setVerified(tx, core, { account, verified: false })
      tx.messages.removeHeld(account)
      tx.contacts.remove(account, core.relayNowMs())
      tx.timeline.forgetNames(account)
    })
    core.store.forgetRead() // What a request said is in no statement's last row either.
  })
}

function removed(name: string): PermissionError {
  return new PermissionError('contact/removed', `${name} was removed. Not sent.`, {
    fix: `To write to them again: sotto contact add ${name}`,
  })
}
