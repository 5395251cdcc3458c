import {
  ContentHint,
  KEMPublicKey,
  PlaintextContent,
  PreKeyBundle,
  processPreKeyBundle,
  ProtocolAddress,
  PublicKey,
  SenderCertificate,
  signalEncrypt,
  UnidentifiedSenderMessageContent,
  type CiphertextMessage,
} from '@signalapp/libsignal-client'
import type { wire } from '@sotto/protocol'
import {
  assert,
  concatBytes,
  encodeContent,
  ownBytes,
  ProtocolError,
  SottoError,
  type AccountId,
  type DeviceId,
  type Bytes,
  type ManifestDevice,
  type SealedContent,
} from '@sotto/protocol'
import type { Random } from '../ports.js'
import type { StoredCertificate } from '../store/tables/account.js'
import type { OutboxEnvelope } from '../store/tables/outbox.js'
import { guardLibsignal, isTrusted, stagedStores, type StagedStores } from './staged-stores.js'
import { liveRecord } from './live-session.js'
import type { SignedManifestOf } from './manifests.js'
import type { OwnDevice } from './own-device.js'
import type { Stage } from './stage.js'
import { wrap } from './wrap.js'

/** A content on its way to one account. */
export interface SealRequest {
  readonly account: AccountId
  readonly content: Omit<SealedContent, 'manifest' | 'manifestVersion' | 'manifestHash'>
  /** The devices to seal for. Each has a session in the stage, unless it is a decryption error. */
  readonly devices: readonly ManifestDevice[]
  readonly certificate: StoredCertificate
}

const DAY_MS = 24 * 60 * 60_000
/** libsignal’s own bound: so long it seals in a session in which nobody has answered. */
const UNANSWERED_LIBSIGNAL_MS = 30 * DAY_MS
/**
 * Ours. The prekeys by which a session began may be gone before its first message is opened: the
 * relay was put back to a backup, or handed out others than there are. Whoever does not know us does
 * not ask for it again, so that nothing more of ours would open.
 */
const UNANSWERED_MS_MAX = DAY_MS

/** What every sealing needs: the stage it writes to, who is sealing, and when, Unix milliseconds. */
export interface Sealing {
  readonly stage: Stage
  readonly own: OwnDevice
  readonly random: Random
  readonly nowMs: number
}

/**
 * Whether a message can be sealed for the device without a prekey bundle: a session in which nobody
 * has answered for a day is begun anew.
 */
export function hasSession(
  stage: Stage,
  account: AccountId,
  device: DeviceId,
  nowMs: number,
): boolean {
  const session = stage.session(account, device)
  return (
    session !== undefined &&
    liveRecord(session).hasCurrentState(
      new Date(nowMs + UNANSWERED_LIBSIGNAL_MS - UNANSWERED_MS_MAX),
    )
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
  const { stage, own, nowMs } = sealing
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
      new Date(nowMs),
    )
  }).catch((thrown: unknown) => {
    throw thrown instanceof SottoError ? thrown : refusedBundle(thrown)
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
  const stores = stagedStores(stage, own)
  const message =
    request.content.content.kind === 'decryption-error'
      ? withoutRatchet(contentFor(sealing, request, device))
      : await withRatchet(sealing, stores, request, device)
  const certificate = SenderCertificate.deserialize(request.certificate.certificate)
  const hint = ContentHint.Resendable
  const envelope = {
    account: request.account,
    device: device.id,
    registrationId: device.registrationId,
    ratcheted: UnidentifiedSenderMessageContent.new(message, certificate, hint, null).serialize(),
    secret: random.bytes(32),
    certificateExpiresMs: request.certificate.expiresMs,
  }
  return { ...envelope, body: await wrap(stores, own, envelope) }
}

/** The content's bytes, with our manifest while the device is not known to have it. */
function contentFor(sealing: Sealing, request: SealRequest, device: ManifestDevice): Bytes {
  const { manifest } = sealing.own
  const session = sealing.stage.session(request.account, device.id)
  const hasIt = session?.confirmed === true && session.manifestSent === manifest.parsed.version
  return encodeContent({
    ...request.content,
    manifestVersion: manifest.parsed.version,
    manifestHash: manifest.hash,
    manifest: hasIt ? undefined : { manifest: manifest.bytes, signature: manifest.signature },
  })
}

async function withRatchet(
  sealing: Sealing,
  stores: StagedStores,
  request: SealRequest,
  device: ManifestDevice,
): Promise<CiphertextMessage> {
  const { stage, own, nowMs } = sealing
  assert(stage.session(request.account, device.id) !== undefined, 'there is a session to seal in')
  const message = await guardLibsignal(stores, () =>
    signalEncrypt(
      contentFor(sealing, request, device),
      ProtocolAddress.new(request.account, device.id),
      ProtocolAddress.new(own.account, own.device),
      stores.sessions,
      stores.identities,
      new Date(nowMs),
    ),
  )
  const after = stage.session(request.account, device.id)
  assert(after !== undefined, 'sealing keeps the session')
  stage.saveSession({ ...after, manifestSent: own.manifest.parsed.version })
  return message
}

/** libsignal's type for what must get through when the ratchet does not: a byte in front. */
const PLAINTEXT_CONTENT = 0xc0

function withoutRatchet(plaintext: Bytes): CiphertextMessage {
  const bytes = concatBytes(Uint8Array.of(PLAINTEXT_CONTENT), plaintext)
  return PlaintextContent.deserialize(bytes).asCiphertextMessage()
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
