import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { IdentityKeyPair, PrivateKey } from '@signalapp/libsignal-client'
import {
  ACCESS_KEY_BYTES,
  deriveAccountId,
  DEVICE_KEY_BYTES,
  encodeManifest,
  FIRST_DEVICE,
  manifestSigningBytes,
  ownBytes,
  REGISTRATION_ID_MAX,
  type Bytes,
  type RegistrationId,
} from '@sotto/protocol'
import type { Ports } from '../ports.js'
import { sha256 } from '../session/digest.js'
import type { OwnAccount } from '../store/tables/account.js'

export interface NewAccount {
  /** The relay's origin. */
  readonly relay: string
  readonly username: string | null
  readonly name: string
  readonly status?: string
  /** Through which the relay is reached, or `none`; null: as configured. */
  readonly proxy?: string | null
}

/**
 * A new account with its first device: every key it will ever need to prove itself. Nothing is
 * written yet.
 */
export function generateAccount(
  wanted: NewAccount,
  parameters: { readonly rootKey: Bytes; readonly certificateRoot: Bytes },
  ports: Pick<Ports, 'clock' | 'random'>,
  identity = IdentityKeyPair.generate(),
): OwnAccount {
  const identityKey = ownBytes(identity.publicKey.serialize())
  const account = deriveAccountId({ relayRoot: parameters.rootKey, identity: identityKey }, sha256)
  const device = generateKeyPairSync('ed25519')
  const registrationId = (1 +
    Math.floor(ports.random.fraction() * REGISTRATION_ID_MAX)) as RegistrationId
  const manifest = encodeManifest({
    account,
    version: 1,
    previousHash: new Uint8Array(0),
    identityKey,
    devices: [
      {
        id: FIRST_DEVICE,
        registrationId,
        deviceKey: rawPublicKey(device.privateKey),
        capabilities: [],
      },
    ],
  })
  return {
    account,
    device: FIRST_DEVICE,
    registrationId,
    relay: wanted.relay,
    relayRoot: parameters.rootKey,
    certificateRoot: parameters.certificateRoot,
    identityPair: identity.serialize(),
    deviceKey: ownBytes(device.privateKey.export({ format: 'der', type: 'pkcs8' })),
    manifest,
    manifestSignature: identity.privateKey.sign(manifestSigningBytes(manifest)),
    username: wanted.username,
    name: wanted.name,
    profileVersion: 1,
    accessKey: ports.random.bytes(ACCESS_KEY_BYTES),
    route: null,
    createdMs: ports.clock.nowMs(),
    status: wanted.status ?? '',
    pendingAccessKey: null,
    proxy: wanted.proxy ?? null,
    readReceipts: true,
    typing: true,
  }
}

/** The identity key pair of 32 private bytes. */
export function identityOf(privateKey: Bytes): IdentityKeyPair {
  const key = PrivateKey.deserialize(privateKey)
  return new IdentityKeyPair(key.getPublicKey(), key)
}

/** The 32 bytes at the end of an Ed25519 key's SubjectPublicKeyInfo (RFC 8410, section 4). */
function rawPublicKey(key: KeyObject): Bytes {
  return ownBytes(
    createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-DEVICE_KEY_BYTES),
  )
}
