import { timingSafeEqual } from 'node:crypto'
import { ACCESS_KEY_BYTES, equalBytes, errandTarget, type Bytes } from '@sotto/protocol'
import { PERMIT_REFUSED, PRESSED, REFUSED, type ErrorAnswer } from '../answers.js'
import type { Context } from '../context.js'
import type { Origin } from '../limits/network-address.js'
import { spendInvite } from '../permits/invites.js'
import { checkPermit, spendPermit, submissionHash } from '../permits/spend.js'
import { DECOY, type Destination } from '../store/port.js'

/** What allows a request to an account; later also a group endorsement. */
export type Leave =
  | { readonly kind: 'access-key'; readonly key: Bytes }
  | { readonly kind: 'permit'; readonly permit: Bytes }
  /** An invite's, which the account has published. */
  | { readonly kind: 'invite'; readonly key: Bytes; readonly errand: Bytes }
  /** Nothing to show: for the operator's own machine only. */
  | { readonly kind: 'stranger' }

export type Admission =
  | {
      readonly admitted: true
      readonly destination: Destination
      /** What was shown, as something to count by: the access key, the permit, the errand of an invite. */
      readonly token: Bytes
    }
  | { readonly admitted: false; readonly answer: ErrorAnswer }

type Find = (id: Bytes) => Promise<Destination | undefined>

const NOBODY: Bytes = new Uint8Array(16).fill(0xff)
const NO_KEY: Bytes = new Uint8Array(ACCESS_KEY_BYTES)

/**
 * Decides first of all whether a request to an account goes further. Unknown, blocked and wrong
 * get the same bytes after the same work: a refusal looks up one row that is there and one that is
 * not, whichever of them was asked for; an invite that is none is looked for once more, and written
 * down nowhere. Whether a permit is good is told apart from that, and says nothing of accounts: one
 * that was spent on another is refused alike, and after the same lookups, for those that nobody has.
 */
export async function admit(
  context: Context,
  request: {
    readonly origin: Origin
    readonly leave: Leave | undefined
    readonly id: Bytes
    readonly find: Find
    /** The idempotency keys of a submission; none for a bundle. */
    readonly keys?: readonly Bytes[]
  },
): Promise<Admission> {
  const { origin, leave, id, find, keys } = request
  const isStranger = leave !== undefined && leave.kind !== 'access-key'
  if (isStranger && context.pressure.refuses('stranger')) return refuse(PRESSED)
  const permit = leave?.kind === 'permit' ? checkPermit(context, leave.permit) : undefined
  if (leave?.kind === 'permit' && permit === undefined) return refuse(PERMIT_REFUSED)
  if (leave?.kind === 'stranger' && origin.kind !== 'operator') return refuse(PERMIT_REFUSED)
  const found = await find(id)
  const lookAsLong = () => find(found === undefined ? DECOY : NOBODY)
  const account = found?.account ?? id
  const submitted = keys === undefined ? undefined : submissionHash(keys)
  if (permit !== undefined) {
    const target = errandTarget({ account })
    const granted = await spendPermit(context, permit, { target, request: submitted })
    if (!granted) {
      await lookAsLong()
      return refuse(PERMIT_REFUSED)
    }
  }
  const isAccount = found !== undefined && !equalBytes(found.account, DECOY)
  const allowed =
    leave?.kind === 'invite'
      ? await spendInvite(context, leave, { account, request: submitted })
      : allows(leave, found)
  if (isAccount && allowed) return { admitted: true, destination: found, token: tokenOf(leave) }
  await lookAsLong()
  return refuse(REFUSED)
}

function tokenOf(leave: Leave | undefined): Bytes {
  switch (leave?.kind) {
    case 'access-key':
      return leave.key
    case 'permit':
      return leave.permit
    case 'invite':
      return leave.errand
    case 'stranger':
    case undefined:
      return NO_KEY
  }
}

function refuse(answer: ErrorAnswer): Admission {
  return { admitted: false, answer }
}

function allows(leave: Leave | undefined, found: Destination | undefined): boolean {
  if (leave === undefined) return false
  if (leave.kind !== 'access-key') return true
  const isCurrent = isKey(leave.key, found?.accessKey)
  const isPrevious = isKey(leave.key, found?.previousAccessKey)
  return isCurrent || isPrevious
}

/** In the same time whether there is a key or not. */
function isKey(given: Bytes, key: Bytes | undefined): boolean {
  if (given.length !== ACCESS_KEY_BYTES) return false
  const isThere = key?.length === ACCESS_KEY_BYTES
  return timingSafeEqual(given, isThere ? key : NO_KEY) && isThere
}
