import { encode, equalBytes, wire } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { IdentifiedDoor } from '../net/identified-door.js'
import { sha256 } from '../session/digest.js'
import { publishedInvites } from './invites.js'

export type InvitesDoor = Pick<IdentifiedDoor, 'publishInvites'>

/**
 * Tells the relay which invites are live, where it was told anything else last; all of them, so that what
 * was revoked or is over is none there either. If we die before that is on disk it is told once more,
 * which changes nothing. `again`: the relay may have forgotten.
 */
export async function publishInvites(
  core: Core,
  door: InvitesDoor,
  { again = false }: { readonly again?: boolean } = {},
): Promise<void> {
  const invites = publishedInvites(core)
  const hash = sha256(encode(wire.PublishInvitesSchema, invites))
  const told = core.store.read.invites.publishedHash()
  const isKnown = told === undefined ? isNone(invites) : equalBytes(told, hash)
  if (isKnown && !(again && told !== undefined)) return
  await door.publishInvites(invites)
  core.ports.crashpoint('invites.published')
  core.store.transact((tx) => tx.invites.savePublishedHash(hash))
}

function isNone({ invites = [] }: ReturnType<typeof publishedInvites>): boolean {
  return invites.length === 0
}
