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

/** This device with its keys, ready for use: read once when the store opens. */
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
  let deviceKey: KeyObject | undefined
  const certificateRoot = PublicKey.deserialize(own.certificateRoot)
  return {
    account: own.account,
    device: own.device,
    registrationId: own.registrationId,
    relayRoot: own.relayRoot,
    certificateRoot,
    certificates: new KnownCertificates(certificateRoot),
    identity: IdentityKeyPair.deserialize(own.identityPair),
    manifest: openSignedManifest(
      { manifest: own.manifest, signature: own.manifestSignature },
      own.relayRoot,
    ),
    signWithDeviceKey: (message) => {
      deviceKey ??= privateKey(own.deviceKey) // Only the identified door asks for it.
      return ownBytes(sign(null, message, deviceKey))
    },
  }
}

function privateKey(pkcs8: Bytes): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
}
