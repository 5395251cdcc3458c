import { createPrivateKey, sign, type KeyObject } from 'node:crypto'
import { IdentityKeyPair, PublicKey } from '@signalapp/libsignal-client'
import {
  base64url,
  ownBytes,
  type AccountId,
  type Bytes,
  type DeviceId,
  type RegistrationId,
} from '@sotto/protocol'
import type { OwnAccount } from '../store/tables/account.js'
import { KnownCertificates } from './known-certificates.js'
import { openSignedManifest, type SignedManifestOf } from './manifests.js'

/** An Ed25519 private key is what a PKCS#8 ends with (RFC 8410). */
const PRIVATE_KEY_BYTES = 32

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

/**
 * As a JWK (RFC 8037): OpenSSL takes eight times as long to find out what is in a DER, and twice for
 * the first. Of a private key Node reads `d` alone; `x`, which has to be there, is not looked at.
 */
function privateKey(pkcs8: Bytes): KeyObject {
  const d = base64url(ownBytes(pkcs8.subarray(-PRIVATE_KEY_BYTES)))
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x: d }, format: 'jwk' })
}
