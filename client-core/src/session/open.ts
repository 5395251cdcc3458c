import {
  CiphertextMessageType,
  DecryptionErrorMessage,
  ErrorCode,
  LibSignalErrorBase,
  PlaintextContent,
  PreKeySignalMessage,
  ProtocolAddress,
  signalDecrypt,
  signalDecryptPreKey,
  SignalMessage,
  UnidentifiedSenderMessageContent,
  type SenderCertificate,
} from '@signalapp/libsignal-client'
import {
  decodeContent,
  equalBytes,
  ownBytes,
  parseAccountId,
  parseDeviceId,
  StorageError,
  type AccountId,
  type Bytes,
  type DeviceId,
  type SealedContent,
} from '@sotto/protocol'
import { sha256 } from './digest.js'
import { mayFollow, openSignedManifest, peerOf, storedManifest } from './manifests.js'
import type { OwnDevice } from './own-device.js'
import { isTrusted, stagedStores, type StagedStores } from './staged-stores.js'
import type { Stage } from './stage.js'
import { unseal } from './unseal.js'

/** Who wrote a content, proven: certificate, identity, ratchet and manifest agree. */
export interface Author {
  readonly account: AccountId
  readonly device: DeviceId
}

/** At which step an envelope was refused. For the quarantine only: outside, all refusals look alike. */
export type Refusal =
  'outer' | 'certificate' | 'identity' | 'kind' | 'ratchet' | 'replay' | 'content' | 'manifest'

/** A ratchet message that this device could not open: what its author needs in order to send again. */
export interface Unread {
  readonly author: Author
  /** The identity key that sealed it. */
  readonly identity: Bytes
  /** SHA-256 of the ratchet message. */
  readonly digest: Bytes
  /** libsignal's DecryptionErrorMessage. */
  readonly error: Bytes
}

export type Opened =
  | {
      readonly kind: 'opened'
      readonly author: Author
      readonly sealed: SealedContent
      readonly plaintext: Bytes
      /** SHA-256 of the ratchet message. */
      readonly digest: Bytes
    }
  /** Its message key was used before: for it, or for another by a device that lost its memory. */
  | { readonly kind: 'duplicate'; readonly unread: Unread | undefined }
  /** By somebody who is blocked: no ratchet has moved. */
  | { readonly kind: 'blocked' }
  | {
      readonly kind: 'refused'
      readonly reason: Refusal
      /** What the certificate says; it proves nothing. */
      readonly claimed: Author | undefined
      /** Where everything but the ratchet was in order. */
      readonly unread: Unread | undefined
    }

/** An envelope, with what is inside its outer seals (`unseal`) where that is known already. */
export interface Sealed {
  readonly body: Bytes
  readonly arrivalMs: number
  readonly unsealed?: Bytes | undefined
}

/**
 * Opens an envelope in the stage: HPKE, padding, sealed sender, certificate, identity, ratchet,
 * content, manifest, in that order (relay.md, "Identity"). The stage is worth keeping only when the
 * answer is `opened`. Throws only storage faults, which are never a reason to acknowledge.
 */
export async function open(stage: Stage, own: OwnDevice, envelope: Sealed): Promise<Opened> {
  const stores = stagedStores(stage, own)
  const progress: Progress = { step: 'outer', claimed: undefined, ratchet: undefined }
  try {
    return await openSteps(stage, own, stores, envelope, progress)
  } catch (thrown) {
    const fault = stores.fault()
    if (fault !== undefined) throw fault
    if (thrown instanceof StorageError) throw thrown
    const unread = progress.step === 'ratchet' ? unreadOf(progress, envelope.arrivalMs) : undefined
    if (thrown instanceof LibSignalErrorBase && thrown.code === ErrorCode.DuplicatedMessage)
      return { kind: 'duplicate', unread }
    const reason = stores.wasReplayed() ? 'replay' : progress.step
    return { kind: 'refused', reason, claimed: progress.claimed, unread }
  }
}

interface Progress {
  step: Refusal
  claimed: Author | undefined
  /** Set when the certificate's key has proven to be the author's and the one that sealed. */
  ratchet:
    { readonly author: Author; readonly identity: Bytes; readonly message: Inner } | undefined
}

type Inner = UnidentifiedSenderMessageContent

async function openSteps(
  stage: Stage,
  own: OwnDevice,
  stores: StagedStores,
  envelope: Sealed,
  progress: Progress,
): Promise<Opened> {
  const { body, unsealed } = envelope
  const message = parsed(unsealed) ?? (await unseal(own, body))

  progress.step = 'certificate'
  const certificate = message.senderCertificate()
  const author = authorOf(certificate)
  progress.claimed = author
  if (!own.certificates.isValid(certificate, envelope.arrivalMs)) throw new Refused()
  if (stage.isBlocked(author.account)) return { kind: 'blocked' }

  progress.step = 'identity'
  const certified = ownBytes(certificate.key().serialize())
  if (!isTrusted(stage, own, author.account, certified)) throw new Refused()
  if (author.account === own.account && author.device === own.device) throw new Refused()

  progress.step = 'kind'
  const digest = sha256(message.contents())
  if (message.msgType() === CiphertextMessageType.Plaintext) {
    const plaintext = unsealedError(stage, author, message)
    return {
      kind: 'opened',
      ...admit(stage, own, { author, certified, plaintext }, progress),
      digest,
    }
  }
  if (ratchetType(message) === undefined) throw new Refused()
  progress.step = 'ratchet'
  progress.ratchet = { author, identity: certified, message }
  const plaintext = await unratchet(stores, own, author, message)
  // A relay can forge a certificate: only the ratchet's own identity proves the author.
  const saved =
    author.account === own.account
      ? own.identity.publicKey.serialize()
      : stage.identity(author.account)
  if (saved === undefined || !equalBytes(saved, certified)) throw new Refused()
  const admitted = admit(stage, own, { author, certified, plaintext }, progress)
  confirmSession(stage, author)
  return { kind: 'opened', ...admitted, digest }
}

/** The last steps: what was said parses, is the author's to say, and comes from a device of theirs. */
function admit(
  stage: Stage,
  own: OwnDevice,
  said: { readonly author: Author; readonly certified: Bytes; readonly plaintext: Bytes },
  progress: Progress,
) {
  const { author, certified, plaintext } = said
  progress.step = 'content'
  const sealed = decodeContent(plaintext)
  if ((author.account === own.account) !== (sealed.content.kind === 'sync')) throw new Refused()
  progress.step = 'manifest'
  acceptManifest(stage, own, { author, certified, content: sealed })
  return { author, sealed, plaintext }
}

/**
 * What came without a ratchet can only be a decryption error, by somebody whose identity key is
 * stored: sealed sender has agreed a key with it (“static key”), which a false certificate has not.
 */
function unsealedError(stage: Stage, author: Author, message: Inner): Bytes {
  if (stage.identity(author.account) === undefined) throw new Refused()
  const plaintext = ownBytes(PlaintextContent.deserialize(message.contents()).body())
  if (decodeContent(plaintext).content.kind !== 'decryption-error') throw new Refused()
  return plaintext
}

function ratchetType(message: Inner): CiphertextMessageType | undefined {
  const types = [CiphertextMessageType.PreKey, CiphertextMessageType.Whisper]
  return types.find((type) => type === message.msgType())
}

/** Undefined where it is no ratchet message at all. */
function unreadOf({ ratchet }: Progress, arrivalMs: number): Unread | undefined {
  if (ratchet === undefined) return undefined
  const { author, identity, message } = ratchet
  const type = ratchetType(message)
  if (type === undefined) return undefined
  const contents = message.contents()
  try {
    const error = DecryptionErrorMessage.forOriginal(contents, type, arrivalMs, author.device)
    return { author, identity, digest: sha256(contents), error: ownBytes(error.serialize()) }
  } catch {
    return undefined
  }
}

/** What is no message says nothing about the envelope, which is unsealed here then. */
function parsed(unsealed: Bytes | undefined): UnidentifiedSenderMessageContent | undefined {
  try {
    return unsealed && UnidentifiedSenderMessageContent.deserialize(unsealed)
  } catch {
    return undefined // What the thread answered is no message: the lane unseals it anew.
  }
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
  message: Inner,
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
