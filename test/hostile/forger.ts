import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import {
  CiphertextMessageType,
  ContentHint,
  DecryptionErrorMessage,
  IdentityKeyPair,
  KEMKeyPair,
  KEMPublicKey,
  PlaintextContent,
  PreKeyBundle,
  PrivateKey,
  processPreKeyBundle,
  ProtocolAddress,
  PublicKey,
  sealedSenderEncrypt,
  type SenderCertificate,
  signalEncrypt,
  UnidentifiedSenderMessageContent,
} from '@signalapp/libsignal-client'
import {
  accountIdBytes,
  deriveAccountId,
  base64url,
  concatBytes,
  encode,
  encodeContent,
  encodeManifest,
  FIRST_DEVICE,
  fromBase64url,
  manifestSigningBytes,
  openParameters,
  decode,
  ownBytes,
  padToBucket,
  parseMessageId,
  parseRegistrationId,
  utf8,
  wire,
  type AccountId,
  type Bytes,
  type Content,
  type Manifest,
  type ManifestDevice,
} from '@sotto/protocol'

import { Door } from '../harness/stranger.js'
import { Identities, Sessions } from './forger-stores.js'
import type { HostileRelay } from './hostile-relay.js'

const ENVELOPE_INFO = 'sotto envelope 1'
const PLAINTEXT_CONTENT = 0xc0

/**
 * Mallory, who works for the relay: an account made by hand, whose private keys are at hand, and
 * which seals whatever it likes under whatever certificate.
 */
export class Forger {
  readonly account: AccountId
  readonly identity: IdentityKeyPair
  readonly device: ManifestDevice
  readonly #relayUrl: string
  readonly #sessions = new Sessions()
  readonly #identities: Identities
  #manifest: { readonly parsed: Manifest; readonly signed: Signed }

  private constructor(relayUrl: string, rootKey: Bytes) {
    this.#relayUrl = relayUrl
    this.identity = IdentityKeyPair.generate()
    const identityKey = ownBytes(this.identity.publicKey.serialize())
    this.account = deriveAccountId({ relayRoot: rootKey, identity: identityKey }, sha256)
    this.device = {
      id: FIRST_DEVICE,
      registrationId: parseRegistrationId(4711),
      deviceKey: newDeviceKey(),
      capabilities: [],
    }
    this.#identities = new Identities(this.identity, this.device.registrationId)
    this.#manifest = this.#sign({
      account: this.account,
      version: 1,
      previousHash: new Uint8Array(0),
      identityKey,
      devices: [this.device],
    })
  }

  /** Registers with the relay like anybody else. */
  static async join(relay: HostileRelay): Promise<Forger> {
    const answer = await fetch(`${relay.honestUrl}/v1/parameters`)
    const signed = decode(wire.SignedParametersSchema, new Uint8Array(await answer.arrayBuffer()))
    const forger = new Forger(relay.honestUrl, openParameters(signed, () => true).rootKey)
    await forger.#register()
    return forger
  }

  /** Its devices as it last signed them. */
  get manifest(): Signed {
    return this.#manifest.signed
  }

  /** Signs, and does not publish, the next manifest with the same devices. */
  signNext(): Signed {
    const before = this.#manifest
    this.#manifest = this.#sign({
      ...before.parsed,
      version: before.parsed.version + 1,
      previousHash: sha256(before.signed.manifest),
    })
    return this.#manifest.signed
  }

  /** Signs whatever manifest it is given with its own key. */
  sign(manifest: Uint8Array): Signed {
    const own = ownBytes(manifest)
    return { manifest: own, signature: this.#signature(manifestSigningBytes(own)) }
  }

  /** Somebody's manifest, changed, under its own signature. */
  signChanged(
    signed: wire.SignedManifest | undefined,
    change: { readonly identityKey?: Uint8Array; readonly addDevice?: DeviceInit },
  ): wire.SignedManifest {
    if (signed === undefined) throw new Error('a bundle has a manifest')
    const manifest = decode(wire.ManifestSchema, signed.manifest)
    const { identityKey = manifest.identityKey, addDevice } = change
    const bytes = encode(wire.ManifestSchema, {
      account: manifest.account,
      version: addDevice === undefined ? manifest.version : manifest.version + 1,
      previousHash: addDevice === undefined ? manifest.previousHash : sha256(signed.manifest),
      identityKey,
      devices: addDevice === undefined ? manifest.devices : [...manifest.devices, addDevice],
    })
    return { ...signed, ...this.sign(bytes) }
  }

  /** Anybody's bundle, as the relay hands it out. */
  async bundleOf(account: AccountId): Promise<wire.AccountBundle> {
    const door = await Door.open(this.#relayUrl)
    try {
      return await door.bundle(account)
    } finally {
      door.close()
    }
  }

  /** Somebody's public identity key, which is no secret. */
  async identityOf(account: AccountId): Promise<PublicKey> {
    return (await this.#meet(account)).identity
  }

  /** A content sealed for somebody's first device, under a certificate that may say anything. */
  async seal(to: AccountId, content: Content, certificate: SenderCertificate): Promise<Bytes> {
    const { remote, identity } = await this.#meet(to)
    const local = ProtocolAddress.new(certificate.senderUuid(), certificate.senderDeviceId())
    const message = await signalEncrypt(
      this.#plaintext(content),
      remote,
      local,
      this.#sessions,
      this.#identities,
    )
    const inner = UnidentifiedSenderMessageContent.new(
      message,
      certificate,
      ContentHint.Resendable,
      null,
    )
    return this.#wrap(to, remote, identity, inner)
  }

  /** What libsignal says of a message that did not open, which is as good as any other. */
  async decryptionError(to: AccountId): Promise<Bytes> {
    const { remote } = await this.#meet(to)
    const local = ProtocolAddress.new(this.account, FIRST_DEVICE)
    const message = await signalEncrypt(
      utf8('unread'),
      remote,
      local,
      this.#sessions,
      this.#identities,
    )
    const error = DecryptionErrorMessage.forOriginal(
      message.serialize(),
      CiphertextMessageType.PreKey,
      Date.now(),
      FIRST_DEVICE,
    )
    return ownBytes(error.serialize())
  }

  /** The same without a ratchet, which is how decryption errors come. */
  async sealPlain(to: AccountId, content: Content, certificate: SenderCertificate): Promise<Bytes> {
    const { remote, identity } = await this.#meet(to)
    const bytes = concatBytes(Uint8Array.of(PLAINTEXT_CONTENT), this.#plaintext(content))
    const message = PlaintextContent.deserialize(bytes).asCiphertextMessage()
    const inner = UnidentifiedSenderMessageContent.new(
      message,
      certificate,
      ContentHint.Resendable,
      null,
    )
    return this.#wrap(to, remote, identity, inner)
  }

  #plaintext(content: Content): Bytes {
    const { parsed, signed } = this.#manifest
    return encodeContent({
      content,
      sentAtMs: Date.now(),
      manifestVersion: parsed.version,
      manifestHash: sha256(signed.manifest),
      manifest: signed,
    })
  }

  async #wrap(
    to: AccountId,
    remote: ProtocolAddress,
    identity: PublicKey,
    inner: UnidentifiedSenderMessageContent,
  ): Promise<Bytes> {
    const sealed = await sealedSenderEncrypt(inner, remote, this.#identities)
    const context = concatBytes(accountIdBytes(to), Uint8Array.of(FIRST_DEVICE))
    return ownBytes(identity.seal(padToBucket(sealed), ENVELOPE_INFO, context))
  }

  /** A session with somebody, as from any stranger. */
  async #meet(to: AccountId) {
    const remote = ProtocolAddress.new(to, FIRST_DEVICE)
    const known = await this.#identities.getIdentity(remote)
    if (known !== null) return { remote, identity: known }
    const bundle = await this.bundleOf(to)
    const [device] = bundle.devices
    if (device?.signed === undefined || device.kyber === undefined || bundle.manifest === undefined)
      throw new Error('the relay gave no whole bundle')
    const identity = PublicKey.deserialize(
      decode(wire.ManifestSchema, bundle.manifest.manifest).identityKey as Bytes,
    )
    const { signed, kyber, oneTimeEc } = device
    await processPreKeyBundle(
      PreKeyBundle.new(
        device.registrationId,
        device.device,
        oneTimeEc?.id ?? null,
        oneTimeEc === undefined ? null : PublicKey.deserialize(ownBytes(oneTimeEc.publicKey)),
        signed.id,
        PublicKey.deserialize(ownBytes(signed.publicKey)),
        ownBytes(signed.signature),
        identity,
        kyber.id,
        KEMPublicKey.deserialize(ownBytes(kyber.publicKey)),
        ownBytes(kyber.signature),
      ),
      remote,
      ProtocolAddress.new(this.account, FIRST_DEVICE),
      this.#sessions,
      this.#identities,
    )
    return { remote, identity }
  }

  async #register(): Promise<void> {
    const signed = PrivateKey.generate().getPublicKey().serialize()
    const lastResort = KEMKeyPair.generate().getPublicKey().serialize()
    const body = encode(wire.RegisterSchema, {
      manifest: this.manifest,
      accessKey: ownBytes(randomBytes(16)),
      prekeys: {
        signed: { id: 1, publicKey: signed, signature: this.#signature(signed) },
        lastResort: { id: 1, publicKey: lastResort, signature: this.#signature(lastResort) },
      },
    })
    const answer = await fetch(`${this.#relayUrl}/v1/accounts`, { method: 'POST', body })
    if (!answer.ok) throw new Error(`the relay would not have the forger: ${String(answer.status)}`)
  }

  #sign(parsed: Manifest): { readonly parsed: Manifest; readonly signed: Signed } {
    return { parsed, signed: this.sign(encodeManifest(parsed)) }
  }

  #signature(bytes: Uint8Array): Bytes {
    return ownBytes(this.identity.privateKey.sign(ownBytes(bytes)))
  }
}

interface DeviceInit {
  readonly id: number
  readonly registrationId: number
  readonly deviceKey: Uint8Array
}

/** A manifest with its signature. */
export interface Signed {
  readonly manifest: Bytes
  readonly signature: Bytes
}

/** A text, as it stands in a content. */
export function textContent(body: string, id: string): Content {
  return {
    kind: 'text',
    text: { message: parseMessageId(id), body, replyTo: undefined, silent: false },
  }
}

export function sha256(bytes: Uint8Array): Bytes {
  return ownBytes(createHash('sha256').update(bytes).digest())
}

function newDeviceKey(): Bytes {
  const { publicKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  const bytes = fromBase64url(x)
  if (bytes === undefined) throw new Error(`not a key: ${base64url(utf8(x))}`)
  return bytes
}
