import { PublicKey, SenderCertificate } from '@signalapp/libsignal-client'
import { CERTIFICATE_HOURS, accountIdFromBytes, type Bytes } from '@sotto/protocol'
import type { Context, Session } from '../context.js'

const HOUR_MS = 3_600_000

/**
 * A sender certificate for one device (Sealed Sender). Its end is rounded down to the hour: what a
 * recipient sees of it does not tell when it was drawn.
 */
export function drawCertificate(
  context: Context,
  session: Pick<Session, 'account' | 'device' | 'identityKey'>,
): { readonly certificate: Bytes; readonly expiresMs: bigint } {
  const endMs = context.clock.nowMs() + CERTIFICATE_HOURS * HOUR_MS
  const expiresMs = Math.floor(endMs / HOUR_MS) * HOUR_MS
  const { key, certificate } = context.keys.server
  const drawn = SenderCertificate.new(
    accountIdFromBytes(session.account),
    null,
    session.device,
    PublicKey.deserialize(session.identityKey),
    expiresMs,
    certificate,
    key,
  )
  return { certificate: drawn.serialize(), expiresMs: BigInt(expiresMs) }
}
