import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { KEMKeyPair, PrivateKey, ServerCertificate, usernames } from '@signalapp/libsignal-client'
import ServerSecretParams from '@signalapp/libsignal-client/dist/zkgroup/ServerSecretParams.js'
import {
  accountIdBytes,
  challengeSigningBytes,
  decode,
  deriveAccountId,
  encode,
  encodeManifest,
  encodeParameters,
  FIRST_DEVICE,
  manifestSigningBytes,
  ownBytes,
  parametersSigningBytes,
  wire,
  type Bytes,
  type RegistrationId,
} from '@sotto/protocol'
import type { RelayKeys } from '@sotto/relay'

/** An account as its client registers it, and what it takes to speak for it. */
export interface Registered {
  readonly account: Bytes
  /** What a relay whose random bytes count up gives it. */
  readonly route: Bytes
  readonly stock: Parameters<typeof encode<typeof wire.PrekeyStockSchema>>[1]
  readonly manifest: { readonly manifest: Bytes; readonly signature: Bytes }
  /** The body of `POST /v1/accounts`. */
  readonly registration: Bytes
  /** The answer to a Hello. */
  readonly authenticate: (hello: Bytes) => Bytes
}

const USERNAME = 'alice.42'
const HOST = 'relay.example'

// The keys are always the same, or what the corpus has would be signed by nobody.

/** A secret key that is none. */
function keyOf(byte: number): PrivateKey {
  return PrivateKey.deserialize(new Uint8Array(32).fill(byte))
}

export function relayKeys(): RelayKeys {
  const [root, certificateRoot, server] = [keyOf(1), keyOf(2), keyOf(3)]
  const permits = ServerSecretParams.generateWithRandom(new Uint8Array(32).fill(6))
  const parameters = encodeParameters({
    ...({ version: 1, registration: 'open', permitBatch: 4 } as const),
    certificateRoot: certificateRoot.getPublicKey().serialize(),
    permitParameters: permits.getPublicParams().serialize(),
  })
  const rootKey = root.getPublicKey().serialize()
  const signature = root.sign(parametersSigningBytes(parameters))
  return {
    rootKey,
    parameters: () => encode(wire.SignedParametersSchema, { parameters, signature, rootKey }),
    certificateRoot: certificateRoot.getPublicKey().serialize(),
    permits,
    challengeKey: (day) => new Uint8Array(32).fill(day),
    server: {
      key: server,
      certificate: ServerCertificate.new(1, server.getPublicKey(), certificateRoot),
    },
  }
}

/** What PKCS #8 puts before the 32 bytes of an Ed25519 key (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

export function registered(relayRoot: Bytes): Registered {
  const identity = keyOf(4)
  const identityKey = identity.getPublicKey().serialize()
  const key = Buffer.concat([PKCS8_HEAD, new Uint8Array(32).fill(5)])
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  const deviceKey = ownBytes(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))
  const id = deriveAccountId({ relayRoot, identity: identityKey }, (bytes) =>
    ownBytes(createHash('sha256').update(bytes).digest()),
  )
  const account = accountIdBytes(id)
  const device = { id: FIRST_DEVICE, registrationId: 77 as RegistrationId, deviceKey }
  const manifest = encodeManifest({
    ...{ account: id, version: 1, previousHash: new Uint8Array(0), identityKey },
    devices: [{ ...device, capabilities: [] }],
  })
  const signed = { manifest, signature: identity.sign(manifestSigningBytes(manifest)) }
  const ec = keyOf(6).getPublicKey().serialize()
  const kyber = KEMKeyPair.generate().getPublicKey().serialize()
  const stock = {
    signed: { id: 1, publicKey: ec, signature: identity.sign(ec) },
    lastResort: { id: 1, publicKey: kyber, signature: identity.sign(kyber) },
    oneTimeEc: [{ id: 1, publicKey: ec }],
  }
  return {
    account,
    route: Uint8Array.from({ length: 16 }, (_, index) => index),
    stock: { oneTimeEc: [{ id: 2, publicKey: ec }], replace: true },
    manifest: signed,
    registration: encode(wire.RegisterSchema, {
      manifest: signed,
      accessKey: Uint8Array.from({ length: 16 }, (_, index) => index),
      usernameHash: usernames.hash(USERNAME),
      usernameProof: usernames.generateProof(USERNAME),
      prekeys: stock,
    }),
    authenticate: (bytes) => {
      const { kind } = decode(wire.RelayFrameSchema, bytes)
      if (kind.case !== 'hello') throw new Error('the relay says Hello first')
      const { nonce, timeMs } = kind.value
      const challenge = challengeSigningBytes({
        ...{ nonce, timeMs: Number(timeMs), relayRoot, host: HOST, account: id, device: device.id },
      })
      const signature = ownBytes(sign(null, challenge, privateKey))
      const value = { version: 1, account, device: device.id as number, signature }
      return encode(wire.ClientFrameSchema, { kind: { case: 'authenticate', value } })
    },
  }
}
