import { hkdfSync } from 'node:crypto'
import {
  ContentHint,
  KEMPublicKey,
  PreKeyBundle,
  processPreKeyBundle,
  ProtocolAddress,
  PublicKey,
  sealedSenderEncrypt,
  SenderCertificate,
  SessionRecord,
  signalEncrypt,
  UnidentifiedSenderMessageContent,
} from '@signalapp/libsignal-client'
import type { wire } from '@sotto/protocol'
import {
  accountIdBytes,
  assert,
  concatBytes,
  encodeContent,
  IDEMPOTENCY_KEY_BYTES,
  ownBytes,
  padToBucket,
  ProtocolError,
  uint32Bytes,
  utf8,
  type AccountId,
  type Bytes,
  type DeviceId,
  type ManifestDevice,
  type SealedContent,
} from '@sotto/protocol'
import type { Random } from '../ports.js'
import type { StoredCertificate } from '../store/tables/account.js'
import type { OutboxEnvelope } from '../store/tables/outbox.js'
import { isTrusted, stagedStores, type StagedStores } from './staged-stores.js'
import type { OwnDevice, SignedManifestOf } from './own-device.js'
import type { Stage } from './stage.js'

/** HPKE's `info` for the outermost seal (RFC 9180, section 5.1). */
export const ENVELOPE_INFO = 'sotto envelope 1'

/** A content on its way to one account. */
export interface SealRequest {
  readonly account: AccountId
  readonly content: Omit<SealedContent, 'manifest' | 'manifestVersion' | 'manifestHash'>
  /** The devices to seal for. Each has a session in the stage. */
  readonly devices: readonly ManifestDevice[]
  readonly certificate: StoredCertificate
}

/** What every sealing needs: the stage it writes to, and who is sealing. */
export interface Sealing {
  readonly stage: Stage
  readonly own: OwnDevice
  readonly random: Random
}

/** Whether a message can be sealed for the device without a prekey bundle. */
export function hasSession(
  stage: Stage,
  account: AccountId,
  device: DeviceId,
  nowMs: number,
): boolean {
  const session = stage.session(account, device)
  return (
    session !== undefined &&
    SessionRecord.deserialize(session.record).hasCurrentState(new Date(nowMs))
  )
}

/**
 * Starts a session with a device from its prekey bundle (PQXDH, section 3.3). The bundle's identity
 * key is the manifest's, which the account id certifies; libsignal checks the prekey signatures.
 */
export async function startSession(
  sealing: Sealing,
  peer: SignedManifestOf,
  bundle: wire.DeviceBundle,
): Promise<void> {
  const { stage, own } = sealing
  const account = peer.parsed.account
  const device = peer.parsed.devices.find((known) => known.id === bundle.device)
  if (device?.registrationId !== bundle.registrationId) throw refusedBundle()
  if (!isTrusted(stage, own, account, peer.parsed.identityKey)) throw refusedBundle()
  const stores = stagedStores(stage, own)
  await guardLibsignal(stores, async () => {
    await processPreKeyBundle(
      preKeyBundle(bundle, peer.parsed.identityKey),
      ProtocolAddress.new(account, device.id),
      ProtocolAddress.new(own.account, own.device),
      stores.sessions,
      stores.identities,
    )
  })
  const started = stage.session(account, device.id)
  assert(started !== undefined, 'a bundle starts a session')
  stage.saveSession({ ...started, confirmed: false, manifestSent: 0 })
}

/**
 * Seals one content for each device: ratchet, sealed sender, padding to the bucket, HPKE. Changes
 * the stage only; the caller commits it together with the envelopes, and nothing leaves before.
 */
export async function seal(
  sealing: Sealing,
  request: SealRequest,
): Promise<readonly OutboxEnvelope[]> {
  const envelopes: OutboxEnvelope[] = []
  for (const device of request.devices)
    envelopes.push(await sealForDevice(sealing, request, device))
  return envelopes
}

async function sealForDevice(
  sealing: Sealing,
  request: SealRequest,
  device: ManifestDevice,
): Promise<OutboxEnvelope> {
  const { stage, own, random } = sealing
  const session = stage.session(request.account, device.id)
  assert(session !== undefined, 'there is a session to seal in')
  const inline = !session.confirmed || session.manifestSent !== own.manifest.parsed.version
  const plaintext = encodeContent({
    ...request.content,
    manifestVersion: own.manifest.parsed.version,
    manifestHash: own.manifest.hash,
    manifest: inline
      ? { manifest: own.manifest.bytes, signature: own.manifest.signature }
      : undefined,
  })
  const stores = stagedStores(stage, own)
  const ratcheted = await guardLibsignal(stores, () =>
    ratchet(stores, own, { request, device, plaintext }),
  )
  const after = stage.session(request.account, device.id)
  assert(after !== undefined, 'sealing keeps the session')
  stage.saveSession({ ...after, manifestSent: own.manifest.parsed.version })
  const envelope = {
    account: request.account,
    device: device.id,
    registrationId: device.registrationId,
    ratcheted,
    secret: random.bytes(32),
    certificateExpiresMs: request.certificate.expiresMs,
  }
  return { ...envelope, body: await wrap(stores, own, envelope) }
}

async function ratchet(
  stores: StagedStores,
  own: OwnDevice,
  step: {
    readonly request: SealRequest
    readonly device: ManifestDevice
    readonly plaintext: Bytes
  },
): Promise<Bytes> {
  const message = await signalEncrypt(
    step.plaintext,
    ProtocolAddress.new(step.request.account, step.device.id),
    ProtocolAddress.new(own.account, own.device),
    stores.sessions,
    stores.identities,
  )
  const certificate = SenderCertificate.deserialize(step.request.certificate.certificate)
  return UnidentifiedSenderMessageContent.new(
    message,
    certificate,
    ContentHint.Resendable,
    null,
  ).serialize()
}

/** The outer seals over an unchanged ratchet ciphertext: sealed sender, padding, HPKE. */
async function wrap(
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
  sealing: Sealing,
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
  return new Uint8Array(
    hkdfSync('sha256', envelope.secret, new Uint8Array(0), info, IDEMPOTENCY_KEY_BYTES),
  )
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

function preKeyBundle(bundle: wire.DeviceBundle, identityKey: Bytes): PreKeyBundle {
  const { signed, kyber, oneTimeEc } = bundle
  if (signed === undefined || kyber === undefined) throw refusedBundle()
  try {
    return PreKeyBundle.new(
      bundle.registrationId,
      bundle.device,
      oneTimeEc === undefined ? null : oneTimeEc.id,
      oneTimeEc === undefined ? null : PublicKey.deserialize(ownBytes(oneTimeEc.publicKey)),
      signed.id,
      PublicKey.deserialize(ownBytes(signed.publicKey)),
      ownBytes(signed.signature),
      PublicKey.deserialize(identityKey),
      kyber.id,
      KEMPublicKey.deserialize(ownBytes(kyber.publicKey)),
      ownBytes(kyber.signature),
    )
  } catch (cause) {
    throw refusedBundle(cause)
  }
}

/** A failure of libsignal is the bundle's; a storage fault that it wrapped is thrown as itself. */
async function guardLibsignal<Result>(
  stores: StagedStores,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (thrown) {
    throw stores.fault() ?? thrown
  }
}

function refusedBundle(cause?: unknown): ProtocolError {
  return new ProtocolError(
    'wire/unexpected',
    'the relay gave prekeys that are not the recipient’s',
    {
      cause,
      fix: 'Nothing was sent. If it stays so, the relay is broken or dishonest.',
    },
  )
}
