import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { KEMKeyPair, PrivateKey } from '@signalapp/libsignal-client'
import {
  accountIdBytes,
  challengeSigningBytes,
  decode,
  deriveAccountId,
  encode,
  encodeManifest,
  FIRST_DEVICE,
  manifestSigningBytes,
  ownBytes,
  wire,
  type AccountId,
  type Bytes,
  type RegistrationId,
} from '@sotto/protocol'

/** An account with as much of a client as the relay needs to see. */
export interface BenchAccount {
  readonly id: AccountId
  readonly relayRoot: Bytes
  readonly deviceKey: KeyObject
  readonly registrationId: number
  readonly accessKey: Bytes
  readonly route: Bytes
}

const REGISTRATION_ID = 300 as RegistrationId

export async function registerBenchAccount(relay: {
  readonly url: string
  readonly rootKey: Bytes
}): Promise<BenchAccount> {
  const identity = PrivateKey.generate()
  const identityKey = identity.getPublicKey().serialize()
  const device = generateKeyPairSync('ed25519')
  const id = deriveAccountId({ relayRoot: relay.rootKey, identity: identityKey }, sha256)
  const accessKey = ownBytes(randomBytes(16))
  const registered = await post(relay.url, {
    manifest: signedManifest(identity, id, device.publicKey),
    accessKey,
    prekeys: prekeys(identity),
  })
  const route = ownBytes(registered.route)
  return {
    id,
    relayRoot: relay.rootKey,
    deviceKey: device.privateKey,
    registrationId: REGISTRATION_ID,
    accessKey,
    route,
  }
}

/** The answer to a Hello. */
export function authenticateFrame(account: BenchAccount, host: string, hello: wire.Hello): Bytes {
  const challenge = challengeSigningBytes({
    nonce: hello.nonce,
    timeMs: Number(hello.timeMs),
    relayRoot: account.relayRoot,
    host,
    account: account.id,
    device: FIRST_DEVICE,
  })
  const signature = ownBytes(sign(null, challenge, account.deviceKey))
  return encode(wire.ClientFrameSchema, {
    kind: {
      case: 'authenticate',
      value: { version: 1, account: accountIdBytes(account.id), device: FIRST_DEVICE, signature },
    },
  })
}

function signedManifest(identity: PrivateKey, account: AccountId, deviceKey: KeyObject) {
  const manifest = encodeManifest({
    account,
    version: 1,
    previousHash: new Uint8Array(0),
    identityKey: identity.getPublicKey().serialize(),
    devices: [
      {
        id: FIRST_DEVICE,
        registrationId: REGISTRATION_ID,
        deviceKey: ownBytes(deviceKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
        capabilities: [],
      },
    ],
  })
  return { manifest, signature: identity.sign(manifestSigningBytes(manifest)) }
}

function prekeys(identity: PrivateKey) {
  const signed = PrivateKey.generate().getPublicKey().serialize()
  const kyber = KEMKeyPair.generate().getPublicKey().serialize()
  return {
    signed: { id: 1, publicKey: signed, signature: identity.sign(signed) },
    lastResort: { id: 1, publicKey: kyber, signature: identity.sign(kyber) },
  }
}

async function post(
  url: string,
  request: Parameters<typeof encode<typeof wire.RegisterSchema>>[1],
): Promise<wire.Registered> {
  const response = await fetch(`${url}/v1/accounts`, {
    method: 'POST',
    body: encode(wire.RegisterSchema, request),
  })
  if (!response.ok) throw new Error(`registration was answered with ${response.status}`)
  return decode(wire.RegisteredSchema, new Uint8Array(await response.arrayBuffer()))
}

function sha256(bytes: Uint8Array): Bytes {
  return ownBytes(createHash('sha256').update(bytes).digest())
}
