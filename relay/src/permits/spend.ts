import { createHash } from 'node:crypto'
import {
  DonationPermit,
  DonationPermitDerivedKeyPair,
} from '@signalapp/libsignal-client/dist/zkgroup/DonationPermit.js'
import {
  ERRAND_MS,
  ERRAND_SUBMISSIONS_MAX,
  PERMIT_BYTES,
  compareBytes,
  ownBytes,
  type Bytes,
} from '@sotto/protocol'
import type { Context } from '../context.js'
import { DAY_MS, dayOf } from '../ports.js'
import type { Spending } from '../store/port.js'

const MINUTE_MS = 60_000
const REQUEST_HASH_BYTES = 16

/** A permit that this relay has issued, to whomever, and that has not expired. */
export interface CheckedPermit {
  readonly nullifier: Bytes
  /** On which it expires. */
  readonly day: number
}

/** Undefined for what is forged or expired. Looks at nothing stored. */
export function checkPermit(
  { keys, clock }: Pick<Context, 'keys' | 'clock'>,
  bytes: Uint8Array,
): CheckedPermit | undefined {
  if (bytes.length !== PERMIT_BYTES) return undefined
  try {
    const permit = new DonationPermit(ownBytes(bytes))
    const expires = permit.expiration
    if (expires.getTime() % DAY_MS !== 0) return undefined
    const pair = DonationPermitDerivedKeyPair.forExpiration(expires, keys.permits)
    permit.verify(pair, new Date(clock.nowMs()))
    return { nullifier: ownBytes(permit.spendId), day: dayOf(expires.getTime()) }
  } catch {
    return undefined // libsignal throws on whatever is none, and says no more.
  }
}

/**
 * True once it is on disk that the permit goes to `target`: an errand of an hour, with so many
 * submissions. If we die before the answer, the same request is granted again.
 */
export async function spendPermit(
  { commits, clock }: Pick<Context, 'commits' | 'clock'>,
  permit: CheckedPermit,
  errand: { readonly target: Bytes; readonly request: Bytes | undefined },
): Promise<boolean> {
  const { nullifier, day } = permit
  const spending = errandOf(nullifier, { ...errand, day, nowMs: clock.nowMs() })
  return (await commits.change('spend-permit', spending)) === 'granted'
}

/** An errand as it is written down: to whom it goes only whoever has the permit can tell. */
export function errandOf(
  nullifier: Bytes,
  errand: {
    readonly target: Bytes
    readonly request: Bytes | undefined
    /** After it, it may be forgotten. */
    readonly day: number
    readonly nowMs: number
  },
): Spending {
  const { target, request, day, nowMs } = errand
  return {
    ...{ nullifier, day },
    targetHash: hashOf(nullifier, target),
    requestHash: request,
    submissionsMax: ERRAND_SUBMISSIONS_MAX,
    nowMinute: Math.floor(nowMs / MINUTE_MS),
    endsMinute: Math.ceil((nowMs + ERRAND_MS) / MINUTE_MS),
  }
}

/** A submission is known again by its idempotency keys: whoever tries again uses the same. */
export function submissionHash(keys: readonly Bytes[]): Bytes {
  return hashOf(...[...keys].sort(compareBytes)).slice(0, REQUEST_HASH_BYTES)
}

function hashOf(...parts: readonly Uint8Array[]): Bytes {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return ownBytes(hash.digest())
}
