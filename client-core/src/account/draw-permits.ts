import {
  DonationPermitRequestContext,
  DonationPermitResponse,
  type DonationPermit,
} from '@signalapp/libsignal-client/dist/zkgroup/DonationPermit.js'
import ServerPublicParams from '@signalapp/libsignal-client/dist/zkgroup/ServerPublicParams.js'
import {
  asSottoError,
  equalBytes,
  ownBytes,
  permitExpiryMs,
  ProtocolError,
  type Bytes,
} from '@sotto/protocol'
import type { Core } from '../core.js'
import type { IdentifiedDoor } from '../net/identified-door.js'
import { fetchParameters } from '../net/registration.js'
import { verify } from '../session/digest.js'
import type { PermitDraw, StoredPermit } from '../store/tables/permits.js'

export const DAY_MS = 86_400_000
/** Around midnight two expiries are published: the answer was under way. */
const MIDNIGHT_MS = 60_000

export type PermitDoor = Pick<IdentifiedDoor, 'drawPermits'>

/**
 * Draws the permits of the day where that has not been done, whether or not any is needed. The
 * blinding is on disk before the relay is asked: if we die on the way the same request is made again
 * and gets the same permits, and none is lost. Throws `relay/unreachable`, `wire/unexpected`.
 */
export async function drawPermits(core: Core, door: PermitDoor): Promise<void> {
  const known = core.store.read.permits.drawn() ?? (await pin(core))
  const day = Math.floor(core.relayNowMs() / DAY_MS)
  if (known.day === day) return
  const context = known.context ?? begin(core, known)
  const permits = await ask(core, door, { ...known, context })
  core.ports.crashpoint('permits.drawn')
  core.store.transact((tx) => {
    tx.permits.forget(core.relayNowMs())
    tx.permits.add(permits)
    tx.permits.saveDrawn({ ...known, context: null, day })
  })
  core.ports.crashpoint('permits.stored')
  core.ports.log.debug('permits.drawn', { permits: permits.length })
}

/** What the relay's root key signs as its permit parameters is what they stay. */
async function pin(core: Core): Promise<PermitDraw> {
  const { relay: origin, relayRoot } = core.account
  const given = await fetchParameters({ origin, transport: core.ports.transport, verify })
  if (!equalBytes(given.rootKey, relayRoot)) {
    throw new ProtocolError('relay/root-changed', 'the relay shows another root key than before', {
      fix: 'Ask its operator. Nothing was drawn.',
    })
  }
  const { permitParameters: parameters, permitBatch: batch } = given
  const pinned = { parameters, batch, context: null, day: 0 }
  core.store.transact((tx) => tx.permits.saveDrawn(pinned))
  return pinned
}

function begin(core: Core, known: PermitDraw): Bytes {
  const context = DonationPermitRequestContext.forCount(known.batch).serialize()
  core.store.transact((tx) => tx.permits.saveDrawn({ ...known, context }))
  core.ports.crashpoint('permits.requested')
  return context
}

/** None where the relay says that today's are drawn already, as for a store that was copied. */
async function ask(
  core: Core,
  door: PermitDoor,
  { parameters, context }: { readonly parameters: Bytes; readonly context: Bytes },
): Promise<readonly StoredPermit[]> {
  const drawing = new DonationPermitRequestContext(context)
  let response: Uint8Array
  try {
    response = (await door.drawPermits(drawing.request().serialize())).response
  } catch (thrown) {
    if (asSottoError(thrown).code === 'relay/rate-limited') return []
    throw thrown
  }
  const expiresMs = publishedExpiryMs(core, response)
  return unblinded(core, { drawing, parameters, response }).map((permit) => ({
    permit: permit.serialize(),
    expiresMs,
  }))
}

/** Throws `wire/unexpected` for any other expiry: it would be a mark on these permits. */
function publishedExpiryMs(core: Core, response: Uint8Array): number {
  const nowMs = core.relayNowMs()
  const published = [permitExpiryMs(nowMs - MIDNIGHT_MS), permitExpiryMs(nowMs + MIDNIGHT_MS)]
  const given = orUnexpected(() => new DonationPermitResponse(ownBytes(response)).expiration)
  if (!published.includes(given.getTime()))
    throw unexpected('the relay gave permits that expire when nobody else’s do')
  return given.getTime()
}

function unblinded(
  core: Core,
  drawn: {
    readonly drawing: DonationPermitRequestContext
    readonly parameters: Bytes
    readonly response: Uint8Array
  },
): readonly DonationPermit[] {
  return orUnexpected(() =>
    drawn.drawing.receive(
      new DonationPermitResponse(ownBytes(drawn.response)),
      new ServerPublicParams(drawn.parameters),
      new Date(core.relayNowMs()),
    ),
  )
}

/** libsignal says only that it is not what was asked for. */
function orUnexpected<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    throw unexpected('the relay gave permits that are not what was asked for', cause)
  }
}

function unexpected(message: string, cause?: unknown): ProtocolError {
  return new ProtocolError('wire/unexpected', message, {
    cause,
    fix: 'They are not used. If it stays so, the relay is broken or dishonest.',
  })
}
