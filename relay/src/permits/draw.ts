import {
  DonationPermitDerivedKeyPair,
  DonationPermitRequest,
} from '@signalapp/libsignal-client/dist/zkgroup/DonationPermit.js'
import { ownBytes, permitExpiryMs } from '@sotto/protocol'
import { INVALID, rateLimited, type Answer } from '../answers.js'
import type { Context, Session } from '../context.js'
import { DAY_MS, dayOf } from '../ports.js'
import { sha256 } from '../sha256.js'

/** A blinded request: so much for each permit, and its head. */
const REQUEST_BYTES_PER_PERMIT = 32
const REQUEST_HEAD_BYTES = 9

/**
 * A device's permits of the day: blinded, so that whoever issues them does not know them again. The
 * same request again gets the same permits, for one whose answer was lost; another one has to wait
 * for the next day. All of them expire when everybody's do.
 */
export async function drawPermits(
  context: Context,
  session: Session,
  requested: Uint8Array,
): Promise<Answer> {
  const { clock, commits, keys, limits } = context
  const request = parseRequest(requested, limits.permitBatch)
  if (request === undefined) return INVALID
  const nowMs = clock.nowMs()
  const day = dayOf(nowMs)
  const drawing = { owner: session, day, requestHash: sha256(requested) }
  const outcome = await commits.change('draw-permits', drawing)
  if (outcome === 'drawn') return rateLimited((day + 1) * DAY_MS - nowMs)
  const expires = new Date(permitExpiryMs(nowMs))
  const pair = DonationPermitDerivedKeyPair.forExpiration(expires, keys.permits)
  return { case: 'permits', value: { response: request.issue(pair).serialize() } }
}

/** Undefined for whatever is no request for exactly so many. */
function parseRequest(bytes: Uint8Array, batch: number): DonationPermitRequest | undefined {
  if (bytes.length !== REQUEST_HEAD_BYTES + batch * REQUEST_BYTES_PER_PERMIT) return undefined
  try {
    return new DonationPermitRequest(ownBytes(bytes))
  } catch {
    return undefined // libsignal says no more than that it is none.
  }
}
