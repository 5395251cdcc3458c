import {
  CiphertextMessageType,
  ErrorCode,
  LibSignalErrorBase,
  PreKeySignalMessage,
  ProtocolAddress,
  sealedSenderDecryptToUsmc,
  signalDecrypt,
  signalDecryptPreKey,
  SignalMessage,
  type SenderCertificate,
  type UnidentifiedSenderMessageContent,
} from '@signalapp/libsignal-client'
import {
  decodeContent,
  equalBytes,
  ownBytes,
  parseAccountId,
  parseDeviceId,
  StorageError,
  unpad,
  type AccountId,
  type Bytes,
  type DeviceId,
  type SealedContent,
} from '@sotto/protocol'
import { mayFollow, openSignedManifest, peerOf, storedManifest } from './manifests.js'
import type { OwnDevice } from './own-device.js'
import { ENVELOPE_INFO, envelopeContext } from './wrap.js'
import { isTrusted, stagedStores, type StagedStores } from './staged-stores.js'
import type { Stage } from './stage.js'

/** Who wrote a content, proven: certificate, identity, ratchet and manifest agree. */
export interface Author {
  readonly account: AccountId
  readonly device: DeviceId
}

/** At which step an envelope was refused. For the quarantine only: outside, all refusals look alike. */
export type Refusal =
  'outer' | 'certificate' | 'identity' | 'kind' | 'ratchet' | 'content' | 'manifest'

export type Opened =
  | {
      readonly kind: 'opened'
      readonly author: Author
      readonly sealed: SealedContent
      readonly plaintext: Bytes
    }
  /** Its ratchet message was opened before: nothing new. */
  | { readonly kind: 'duplicate' }
  /** `claimed` is what the certificate says; it proves nothing. */
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly claimed: Author | undefined }

/**
 * Opens an envelope in the stage: HPKE, padding, sealed sender, certificate, identity, ratchet,
 * content, manifest, in that order (relay.md, "Identity"). The stage is worth keeping only when the
 * answer is `opened`. Throws only storage faults, which are never a reason to acknowledge.
 */
export async function open(
  stage: Stage,
  own: OwnDevice,
  envelope: { readonly body: Bytes; readonly arrivalMs: number },
): Promise<Opened> {
  const stores = stagedStores(stage, own)
  const progress: Progress = { step: 'outer', claimed: undefined }
  try {
    return await openSteps(stage, own, stores, envelope, progress)
  } catch (thrown) {
    const fault = stores.fault()
    if (fault !== undefined) throw fault
    if (thrown instanceof StorageError) throw thrown
    if (thrown instanceof LibSignalErrorBase && thrown.code === ErrorCode.DuplicatedMessage)
      return { kind: 'duplicate' }
    return { kind: 'refused', reason: progress.step, claimed: progress.claimed }
  }
}

interface Progress {
  step: Refusal
  claimed: Author | undefined
}

async function openSteps(
  stage: Stage,
  own: OwnDevice,
  stores: StagedStores,
  envelope: { readonly body: Bytes; readonly arrivalMs: number },
  progress: Progress,
): Promise<Opened> {
  const sealed = unpad(
    own.identity.privateKey.open(envelope.body, ENVELOPE_INFO, envelopeContext(own)),
  )
  const message = await sealedSenderDecryptToUsmc(sealed, stores.identities)

  progress.step = 'certificate'
  const certificate = message.senderCertificate()
  const author = authorOf(certificate)
  progress.claimed = author
  if (!certificate.validate(own.certificateRoot, envelope.arrivalMs)) throw new Refused()

  progress.step = 'identity'
  const certified = ownBytes(certificate.key().serialize())
  if (!isTrusted(stage, own, author.account, certified)) throw new Refused()
  if (author.account === own.account && author.device === own.device) throw new Refused()

  progress.step =
    message.msgType() === CiphertextMessageType.PreKey ||
    message.msgType() === CiphertextMessageType.Whisper
      ? 'ratchet'
      : 'kind'
  const plaintext = await unratchet(stores, own, author, message)
  // A relay can forge a certificate: only the ratchet's own identity proves the author.
  const saved =
    author.account === own.account
      ? own.identity.publicKey.serialize()
      : stage.identity(author.account)
  if (saved === undefined || !equalBytes(saved, certified)) throw new Refused()

  progress.step = 'content'
  const content = decodeContent(plaintext)
  if ((author.account === own.account) !== (content.content.kind === 'sync')) throw new Refused()

  progress.step = 'manifest'
  acceptManifest(stage, own, { author, certified, content })
  confirmSession(stage, author)
  return { kind: 'opened', author, sealed: content, plaintext }
}

class Refused extends Error {}

function authorOf(certificate: SenderCertificate): Author {
  return {
    account: parseAccountId(certificate.senderUuid()),
    device: parseDeviceId(certificate.senderDeviceId()),
  }
}

async function unratchet(
  stores: StagedStores,
  own: OwnDevice,
  author: Author,
  message: UnidentifiedSenderMessageContent,
): Promise<Bytes> {
  const remote = ProtocolAddress.new(author.account, author.device)
  const local = ProtocolAddress.new(own.account, own.device)
  switch (message.msgType()) {
    case CiphertextMessageType.PreKey:
      return signalDecryptPreKey(
        PreKeySignalMessage.deserialize(message.contents()),
        remote,
        local,
        stores.sessions,
        stores.identities,
        stores.prekeys,
        stores.signedPrekeys,
        stores.kyberPrekeys,
      )
    case CiphertextMessageType.Whisper:
      return signalDecrypt(
        SignalMessage.deserialize(message.contents()),
        remote,
        local,
        stores.sessions,
        stores.identities,
      )
    default:
      throw new Refused()
  }
}

/** Holds the author's device against their manifest: known, inline, or refused. Never an older one. */
function acceptManifest(
  stage: Stage,
  own: OwnDevice,
  opened: { readonly author: Author; readonly certified: Bytes; readonly content: SealedContent },
): void {
  const { author, certified, content } = opened
  if (author.account === own.account) {
    if (!own.manifest.parsed.devices.some((device) => device.id === author.device))
      throw new Refused()
    return
  }
  const known = stage.peer(author.account)
  const inline =
    content.manifest === undefined ? undefined : openSignedManifest(content.manifest, own.relayRoot)
  const current = known === undefined ? undefined : storedManifest(known)
  if (inline !== undefined && current !== undefined && !mayFollow(current, inline))
    throw new Refused()
  const newest = inline ?? current
  if (newest === undefined || !equalBytes(newest.hash, content.manifestHash)) throw new Refused()
  if (newest.parsed.account !== author.account || !equalBytes(newest.parsed.identityKey, certified))
    throw new Refused()
  if (!newest.parsed.devices.some((device) => device.id === author.device)) throw new Refused()
  if (newest !== current) stage.savePeer(peerOf(newest, known))
}

function confirmSession(stage: Stage, author: Author): void {
  const session = stage.session(author.account, author.device)
  if (session !== undefined && !session.confirmed)
    stage.saveSession({ ...session, confirmed: true })
}
