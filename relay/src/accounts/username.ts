import { usernames } from '@signalapp/libsignal-client'
import {
  USERNAME_HASH_BYTES,
  USERNAME_PROOF_BYTES,
  errandTarget,
  ownBytes,
  wire,
  type Bytes,
} from '@sotto/protocol'
import {
  CONFLICT,
  DONE,
  INVALID,
  PERMIT_REFUSED,
  PRESSED,
  rateLimited,
  refusal,
  type Answer,
} from '../answers.js'
import type { Context, Session } from '../context.js'
import type { Origin } from '../limits/network-address.js'
import type { Leave } from '../mailbox/leave.js'
import { checkPermit, spendPermit } from '../permits/spend.js'

/** Who has the name behind this hash. Lookups cost a permit: short names are guessable. */
export async function lookupUsername(
  context: Context,
  origin: Origin,
  { hash, leave }: { readonly hash: Bytes; readonly leave: Leave | undefined },
): Promise<Answer> {
  if (hash.length !== USERNAME_HASH_BYTES) return INVALID
  if (context.pressure.refuses('stranger')) return PRESSED // It would write what is spent.
  if (!(await mayLookUp(context, origin, { hash, leave }))) return PERMIT_REFUSED
  const account = await context.store.findUsername(hash)
  if (account === undefined) return refusal(wire.ErrorCode.NOT_FOUND)
  return { case: 'usernameOwner', value: { account } }
}

async function mayLookUp(
  context: Context,
  origin: Origin,
  { hash, leave }: { readonly hash: Bytes; readonly leave: Leave | undefined },
): Promise<boolean> {
  if (leave?.kind === 'stranger') return origin.kind === 'operator'
  const permit = leave?.kind === 'permit' ? checkPermit(context, leave.permit) : undefined
  if (permit === undefined) return false
  const target = errandTarget({ username: hash })
  return spendPermit(context, permit, { target, request: undefined })
}

/**
 * Whether nobody has the name, and not who: for somebody who is about to make an account, and has no
 * permits. Counted against the network address.
 */
export async function checkUsername(
  context: Context,
  origin: Origin,
  hash: Bytes,
): Promise<Answer> {
  if (hash.length !== USERNAME_HASH_BYTES) return INVALID
  const permission = context.gates.lookup(origin)
  if (!permission.granted) return rateLimited(permission.retryAfterMs)
  return (await context.store.findUsername(hash)) === undefined ? DONE : CONFLICT
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
