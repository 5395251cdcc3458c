import { NotFoundError } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Contact } from '../store/tables/contacts.js'
import { itself, parseRecipient, resolve } from './recipient.js'

/**
 * Somebody this device knows, or who asked: by username, local name, conversation or account, and a
 * request also by the username it claims while no other claims it. Throws `recipient/unknown`,
 * `recipient/ambiguous`, `recipient/self`.
 */
export function findContact({ store }: Pick<Core, 'store'>, to: string): Contact {
  const recipient = parseRecipient(to)
  const resolved = resolve(store.read, recipient)
  if (resolved.kind === 'contact') return resolved.contact
  if (resolved.kind === 'invited') {
    if (resolved.contact !== undefined) return resolved.contact
    throw unknownContact(`acct:${resolved.link.account}`) // The link holds a secret.
  }
  if (resolved.kind === 'self') throw itself()
  const claims =
    recipient.kind === 'username'
      ? store.read.contacts.byClaim(recipient.username).filter(({ trust }) => trust === 'request')
      : []
  const [claim, other] = claims
  if (claim === undefined) throw unknownContact(to)
  if (other !== undefined) throw severalClaims(to, claims)
  return claim
}

function unknownContact(to: string): NotFoundError {
  return new NotFoundError('recipient/unknown', `there is no contact and no request ${to}`, {
    fix: 'See whom you know and who asked: sotto contact list',
  })
}

function severalClaims(to: string, claims: readonly Contact[]): NotFoundError {
  const names = claims.map(({ account }) => `acct:${account}`)
  return new NotFoundError(
    'recipient/ambiguous',
    `several requests claim ${to}: ${names.join(', ')}`,
    { fix: 'Name one by its account.' },
  )
}
