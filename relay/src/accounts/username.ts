import { usernames } from '@signalapp/libsignal-client'
import {
  USERNAME_HASH_BYTES,
  USERNAME_PROOF_BYTES,
  ownBytes,
  wire,
  type Bytes,
} from '@sotto/protocol'
import { CONFLICT, DONE, INVALID, rateLimited, refusal, type Answer } from '../answers.js'
import type { Context, Session } from '../context.js'
import type { Origin } from '../limits/network-address.js'

/** Who has the name behind this hash. Lookups cost a stranger's allowance: short names are guessable. */
export async function lookupUsername(
  context: Context,
  origin: Origin,
  hash: Uint8Array,
): Promise<Answer> {
  if (hash.length !== USERNAME_HASH_BYTES) return INVALID
  const permission = context.gates.lookup(origin)
  if (!permission.granted) return rateLimited(permission.retryAfterMs)
  const account = await context.store.findUsername(ownBytes(hash))
  if (account === undefined) return refusal(wire.ErrorCode.NOT_FOUND)
  return { case: 'usernameOwner', value: { account } }
}

/** Takes or, with an empty hash, gives up a username. */
export async function setUsername(
  context: Context,
  session: Session,
  request: wire.SetUsername,
): Promise<Answer> {
  const hash = request.hash.length === 0 ? undefined : ownBytes(request.hash)
  if (hash !== undefined && !isProven(hash, request.proof)) return INVALID
  const outcome = await context.commits.change('set-username', { account: session.account, hash })
  return outcome === 'done' ? DONE : CONFLICT
}

/** Whether whoever made `proof` knows a well-formed username with this hash. */
export function isProven(hash: Bytes, proof: Uint8Array): boolean {
  if (hash.length !== USERNAME_HASH_BYTES || proof.length !== USERNAME_PROOF_BYTES) return false
  try {
    usernames.verifyProof(ownBytes(proof), hash)
    return true
  } catch {
    return false
  }
}
