import { createHash, createPrivateKey, sign } from 'node:crypto'
import { IdentityKeyPair, PublicKey } from '@signalapp/libsignal-client'
import {
  openManifest,
  ownBytes,
  parseManifest,
  type AccountId,
  type Bytes,
  type DeviceId,
  type Manifest,
  type RegistrationId,
} from '@sotto/protocol'
import type { OwnAccount } from '../store/tables/account.js'

/** This device with its keys, ready for use: read once when the store opens. */
export interface OwnDevice {
  readonly account: AccountId
  readonly device: DeviceId
  readonly registrationId: RegistrationId
  readonly relayRoot: Bytes
  readonly certificateRoot: PublicKey
  readonly identity: IdentityKeyPair
  readonly manifest: SignedManifestOf
  /** Ed25519 by the device key. */
  readonly signWithDeviceKey: (message: Uint8Array) => Bytes
}

/** A manifest with the bytes that were signed and their hash. */
export interface SignedManifestOf {
  readonly parsed: Manifest
  readonly bytes: Bytes
  readonly signature: Bytes
  readonly hash: Bytes
}

export function loadOwnDevice(own: OwnAccount): OwnDevice {
  const deviceKey = createPrivateKey({
    key: Buffer.from(own.deviceKey),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    account: own.account,
    device: own.device,
    registrationId: own.registrationId,
    relayRoot: own.relayRoot,
    certificateRoot: PublicKey.deserialize(own.certificateRoot),
    identity: IdentityKeyPair.deserialize(own.identityPair),
    manifest: openSignedManifest(
      { manifest: own.manifest, signature: own.manifestSignature },
      own.relayRoot,
    ),
    signWithDeviceKey: (message) => ownBytes(sign(null, message, deviceKey)),
  }
}

/** Checks and parses a manifest of an account on the relay with that root key. */
export function openSignedManifest(
  signed: { readonly manifest: Uint8Array; readonly signature: Uint8Array },
  relayRoot: Uint8Array,
): SignedManifestOf {
  const bytes = ownBytes(signed.manifest)
  const signature = ownBytes(signed.signature)
  const parsed = openManifest({ manifest: bytes, signature }, { relayRoot, verify, sha256 })
  return { parsed, bytes, signature, hash: sha256(bytes) }
}

/** A manifest out of the store: it was checked before it was put there. */
export function storedManifest(peer: {
  readonly manifest: Bytes
  readonly manifestSignature: Bytes
}): SignedManifestOf {
  const { manifest: bytes, manifestSignature: signature } = peer
  return { parsed: parseManifest(bytes), bytes, signature, hash: sha256(bytes) }
}

export function sha256(bytes: Uint8Array): Bytes {
  return ownBytes(createHash('sha256').update(bytes).digest())
}

/** XEdDSA (Signal, "The XEdDSA and VXEdDSA Signature Schemes"); false for a key that is none. */
export function verify(publicKey: Uint8Array, message: Bytes, signature: Uint8Array): boolean {
  try {
    return PublicKey.deserialize(ownBytes(publicKey)).verify(message, ownBytes(signature))
  } catch {
    return false
  }
}
