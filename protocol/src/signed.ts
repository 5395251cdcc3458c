import { concatBytes, equalBytes, ownBytes, utf8, uint64Bytes, type Bytes } from './bytes.js'
import { decode, encode } from './codec.js'
import { InputError, ProtocolError } from './errors.js'
import {
  accountIdBytes,
  accountIdFromBytes,
  CHALLENGE_NONCE_BYTES,
  DEVICE_KEY_BYTES,
  IDENTITY_KEY_BYTES,
  parseDeviceId,
  parseRegistrationId,
  SHA256_BYTES,
  type AccountId,
  type DeviceId,
  type RegistrationId,
} from './ids.js'
import { isAccountOf, type Sha256 } from './account-id.js'
import { DEVICES_MAX } from './limits.js'
import { PERMIT_BATCH_MAX, PERMIT_PARAMETERS_BYTES } from './permits.js'
import {
  ManifestSchema,
  ParametersSchema,
  type Manifest as WireManifest,
  type SignedManifest,
  type SignedParameters,
} from '#generated/identity_pb.js'

/** XEdDSA over Curve25519 keys, as libsignal's PublicKey.verify does it. */
export type Verify = (publicKey: Uint8Array, message: Bytes, signature: Uint8Array) => boolean

const MANIFEST_LABEL = utf8('sotto manifest 1\0')
const PARAMETERS_LABEL = utf8('sotto parameters 1\0')
const CHALLENGE_LABEL = utf8('sotto challenge 1\0')

export interface ManifestDevice {
  readonly id: DeviceId
  readonly registrationId: RegistrationId
  /** Ed25519, 32 bytes: proves the device to its relay, signs nothing else. */
  readonly deviceKey: Bytes
  readonly capabilities: readonly string[]
}

/** The devices of an account at one version; only ever read out of signed bytes. */
export interface Manifest {
  readonly account: AccountId
  readonly version: number
  /** SHA-256 of the previous manifest; empty at version 1. */
  readonly previousHash: Bytes
  readonly identityKey: Bytes
  readonly devices: readonly ManifestDevice[]
}

export function encodeManifest(manifest: Manifest): Bytes {
  return encode(ManifestSchema, {
    account: accountIdBytes(manifest.account),
    version: manifest.version,
    previousHash: manifest.previousHash,
    identityKey: manifest.identityKey,
    devices: manifest.devices.map((device) => ({
      id: device.id,
      registrationId: device.registrationId,
      deviceKey: device.deviceKey,
      capabilities: [...device.capabilities],
    })),
  })
}

/** What the identity key signs. */
export function manifestSigningBytes(manifest: Uint8Array): Bytes {
  return concatBytes(MANIFEST_LABEL, manifest)
}

/** Checks form, signature and that the identity key is the one the account id certifies. */
export function openManifest(
  signed: Pick<SignedManifest, 'manifest' | 'signature'>,
  check: { readonly relayRoot: Uint8Array; readonly verify: Verify; readonly sha256: Sha256 },
): Manifest {
  const manifest = parseManifest(signed.manifest)
  const keys = { relayRoot: check.relayRoot, identity: manifest.identityKey }
  if (!isAccountOf(manifest.account, keys, check.sha256))
    throw new ProtocolError('wire/malformed', 'the manifest is not its account’s')
  if (
    !check.verify(manifest.identityKey, manifestSigningBytes(signed.manifest), signed.signature)
  ) {
    throw new ProtocolError('wire/malformed', 'the manifest’s signature is wrong')
  }
  return manifest
}

/**
 * Parses and checks no signature: only for bytes that `openManifest` has passed before. Throws only
 * `wire/malformed`: what is wrong was never put in by whoever is told.
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  const raw = decode(ManifestSchema, bytes)
  try {
    return manifestOf(raw)
  } catch (cause) {
    if (cause instanceof InputError)
      throw new ProtocolError('wire/malformed', 'the manifest is malformed', { cause })
    throw cause
  }
}

function manifestOf(raw: WireManifest): Manifest {
  const devices = raw.devices.map((device) => ({
    id: parseDeviceId(device.id),
    registrationId: parseRegistrationId(device.registrationId),
    deviceKey: sized(device.deviceKey, DEVICE_KEY_BYTES),
    capabilities: device.capabilities,
  }))
  const ids = new Set(devices.map((device) => device.id))
  if (
    devices.length === 0 ||
    devices.length > DEVICES_MAX ||
    ids.size !== devices.length ||
    raw.version < 1
  ) {
    throw new ProtocolError('wire/malformed', 'the manifest is malformed')
  }
  return {
    account: accountIdFromBytes(raw.account),
    version: raw.version,
    previousHash: sized(raw.previousHash, raw.version === 1 ? 0 : SHA256_BYTES),
    identityKey: sized(raw.identityKey, IDENTITY_KEY_BYTES),
    devices,
  }
}

/** Whether `next` may replace `current`: the same account, one version on, naming what it replaces. */
export function isNextManifest(
  current: { readonly manifest: Manifest; readonly hash: Uint8Array },
  next: Manifest,
): boolean {
  return (
    next.account === current.manifest.account &&
    next.version === current.manifest.version + 1 &&
    equalBytes(next.previousHash, current.hash)
  )
}

/** How a relay takes new accounts: all of them, with a sign-up code, or after some work. */
export type RegistrationKind = 'open' | 'invite' | 'pow'

/** What a relay says of itself, signed by its root key. */
export interface Parameters {
  readonly version: number
  readonly certificateRoot: Bytes
  readonly registration: RegistrationKind
  /** Under these permits are drawn. */
  readonly permitParameters: Bytes
  /** Permits of a day. */
  readonly permitBatch: number
}

export function encodeParameters(parameters: Parameters): Bytes {
  return encode(ParametersSchema, { ...parameters })
}

export function parametersSigningBytes(parameters: Uint8Array): Bytes {
  return concatBytes(PARAMETERS_LABEL, parameters)
}

/** Checks the root key's signature; whether it is the *pinned* root key is the caller's to check. */
export function openParameters(
  signed: SignedParameters,
  verify: Verify,
): Parameters & { readonly rootKey: Bytes } {
  const rootKey = sized(signed.rootKey, IDENTITY_KEY_BYTES)
  if (!verify(rootKey, parametersSigningBytes(signed.parameters), signed.signature)) {
    throw new ProtocolError(
      'wire/malformed',
      'the relay’s parameters are not signed by its root key',
    )
  }
  const raw = decode(ParametersSchema, signed.parameters)
  if (raw.registration !== 'open' && raw.registration !== 'invite' && raw.registration !== 'pow') {
    throw malformedParameters()
  }
  if (raw.permitBatch < 1 || raw.permitBatch > PERMIT_BATCH_MAX) throw malformedParameters()
  return {
    version: raw.version,
    certificateRoot: sized(raw.certificateRoot, IDENTITY_KEY_BYTES),
    registration: raw.registration,
    permitParameters: sized(raw.permitParameters, PERMIT_PARAMETERS_BYTES),
    permitBatch: raw.permitBatch,
    rootKey,
  }
}

function malformedParameters(): ProtocolError {
  return new ProtocolError('wire/malformed', 'the relay’s parameters are malformed')
}

/** What a device key signs to prove itself to its relay: bound to relay, host, time and nonce. */
export interface Challenge {
  readonly nonce: Uint8Array
  /** The relay's clock as in its Hello. */
  readonly timeMs: number
  readonly relayRoot: Uint8Array
  /** The authority the client dialled, as in its Host header (RFC 9110, section 7.2). */
  readonly host: string
  readonly account: AccountId
  readonly device: DeviceId
}

/** Every field but the last has one size, so that no other challenge gives the same bytes. */
export function challengeSigningBytes(challenge: Challenge): Bytes {
  return concatBytes(
    CHALLENGE_LABEL,
    sized(challenge.nonce, CHALLENGE_NONCE_BYTES),
    uint64Bytes(challenge.timeMs),
    sized(challenge.relayRoot, IDENTITY_KEY_BYTES),
    accountIdBytes(challenge.account),
    Uint8Array.of(challenge.device),
    utf8(challenge.host.toLowerCase()),
  )
}

function sized(bytes: Uint8Array, length: number): Bytes {
  if (bytes.length !== length)
    throw new ProtocolError('wire/malformed', 'a field has the wrong size')
  return ownBytes(bytes)
}
