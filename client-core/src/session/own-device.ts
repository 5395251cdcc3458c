import { createPrivateKey, sign, type KeyObject } from 'node:crypto'
import { IdentityKeyPair, PublicKey } from '@signalapp/libsignal-client'
import {
  ownBytes,
  type AccountId,
  type Bytes,
  type DeviceId,
  type RegistrationId,
} from '@sotto/protocol'
import type { OwnAccount } from '../store/tables/account.js'
import { KnownCertificates } from './known-certificates.js'
import { openSignedManifest, type SignedManifestOf } from './manifests.js'

/**
 * This device with its keys: each is read when it is first used, once, so that an account that only
 * shows what it has does without libsignal.
 */
export interface OwnDevice {
  readonly account: AccountId
  readonly device: DeviceId
  readonly registrationId: RegistrationId
  readonly relayRoot: Bytes
  readonly certificateRoot: PublicKey
  /** Checked under that root. */
  readonly certificates: KnownCertificates
  readonly identity: IdentityKeyPair
  readonly manifest: SignedManifestOf
  /** Ed25519 by the device key. */
  readonly signWithDeviceKey: (message: Uint8Array) => Bytes
}

export function loadOwnDevice(own: OwnAccount): OwnDevice {
  const deviceKey = once(() => privateKey(own.deviceKey))
  const certificateRoot = once(() => PublicKey.deserialize(own.certificateRoot))
  const certificates = once(() => new KnownCertificates(certificateRoot()))
  const identity = once(() => IdentityKeyPair.deserialize(own.identityPair))
  const manifest = once(() =>
    openSignedManifest({ manifest: own.manifest, signature: own.manifestSignature }, own.relayRoot),
  )
  return {
    account: own.account,
    device: own.device,
    registrationId: own.registrationId,
    relayRoot: own.relayRoot,
    get certificateRoot() {
      return certificateRoot()
    },
    get certificates() {
      return certificates()
    },
    get identity() {
      return identity()
    },
    get manifest() {
      return manifest()
    },
    signWithDeviceKey: (message) => ownBytes(sign(null, message, deviceKey())),
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

function privateKey(pkcs8: Bytes): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
}
