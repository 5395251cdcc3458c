import {
  hkdf,
  ProtocolAddress,
  sealedSenderEncrypt,
  UnidentifiedSenderMessageContent,
} from '@signalapp/libsignal-client'
import {
  accountIdBytes,
  assert,
  concatBytes,
  IDEMPOTENCY_KEY_BYTES,
  ownBytes,
  padToBucket,
  uint32Bytes,
  utf8,
  type AccountId,
  type Bytes,
  type DeviceId,
} from '@sotto/protocol'
import type { StoredCertificate } from '../store/tables/account.js'
import type { OutboxEnvelope } from '../store/tables/outbox.js'
import type { OwnDevice } from './own-device.js'
import { guardLibsignal, stagedStores, type StagedStores } from './staged-stores.js'
import type { Stage } from './stage.js'

/** HPKE's `info` for the outermost seal (RFC 9180, section 5.1). */
export const ENVELOPE_INFO = 'sotto envelope 1'

/** The outer seals over an unchanged ratchet ciphertext: sealed sender, padding, HPKE. */
export async function wrap(
  stores: StagedStores,
  own: OwnDevice,
  envelope: Pick<OutboxEnvelope, 'account' | 'device' | 'ratcheted'>,
): Promise<Bytes> {
  const sealed = await sealedSenderEncrypt(
    UnidentifiedSenderMessageContent.deserialize(envelope.ratcheted),
    ProtocolAddress.new(envelope.account, envelope.device),
    stores.identities,
  )
  const identity = await stores.identities.getIdentity(
    ProtocolAddress.new(envelope.account, envelope.device),
  )
  assert(identity !== null, 'whom we seal for is known')
  return ownBytes(identity.seal(padToBucket(sealed), ENVELOPE_INFO, envelopeContext(envelope)))
}

/**
 * The same ratchet ciphertext under a new certificate, when the old one nears its end: the ratchet
 * is not touched and the secret stays, so the relay still recognises what it already has.
 */
export async function rewrap(
  sealing: { readonly stage: Stage; readonly own: OwnDevice },
  envelope: OutboxEnvelope,
  certificate: StoredCertificate,
): Promise<OutboxEnvelope> {
  const ratcheted = replaceCertificate(envelope.ratcheted, certificate.certificate)
  const stores = stagedStores(sealing.stage, sealing.own)
  const body = await guardLibsignal(stores, () =>
    wrap(stores, sealing.own, { ...envelope, ratcheted }),
  )
  return { ...envelope, ratcheted, body, certificateExpiresMs: certificate.expiresMs }
}

/** Binds the outer seal to whom it is for. */
export function envelopeContext(address: {
  readonly account: AccountId
  readonly device: DeviceId
}): Bytes {
  return concatBytes(accountIdBytes(address.account), Uint8Array.of(address.device))
}

/**
 * What the relay recognises a repeated submission by: HKDF (RFC 5869) of the sealing attempt's
 * secret for this device. Unlinkable across recipients; equal on retry and after `rewrap`.
 */
export function idempotencyKey(
  envelope: Pick<OutboxEnvelope, 'secret' | 'account' | 'device' | 'registrationId'>,
): Bytes {
  const info = concatBytes(
    utf8('sotto idempotency 1'),
    envelopeContext(envelope),
    uint32Bytes(envelope.registrationId),
  )
  return ownBytes(hkdf(IDEMPOTENCY_KEY_BYTES, envelope.secret, info, null))
}

const CERTIFICATE_FIELD = 2

/** Replaces one length-delimited field of a serialised unidentified sender message. */
function replaceCertificate(message: Bytes, certificate: Bytes): Bytes {
  const parts: Uint8Array[] = []
  let offset = 0
  while (offset < message.length) {
    const start = offset
    const tag = readVarint(message, offset)
    offset = tag.end
    const [field, type] = [tag.value >>> 3, tag.value & 7]
    assert(type === 0 || type === 2, 'the sender message has varints and bytes only')
    const next = readVarint(message, offset)
    offset = type === 0 ? next.end : next.end + next.value
    const isCertificate = field === CERTIFICATE_FIELD
    parts.push(
      isCertificate
        ? concatBytes(varint(tag.value), varint(certificate.length), certificate)
        : message.subarray(start, offset),
    )
  }
  return concatBytes(...parts)
}

function readVarint(
  bytes: Uint8Array,
  offset: number,
): { readonly value: number; readonly end: number } {
  let [value, shift, index] = [0, 0, offset]
  for (;;) {
    const byte = bytes[index++]
    assert(byte !== undefined && shift < 32, 'a varint ends')
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value, end: index }
    shift += 7
  }
}

function varint(value: number): Bytes {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Uint8Array.of(...bytes, rest)
}
