import { hex, type Bytes } from '../../src/bytes.js'
import type { DeviceId, RegistrationId } from '../../src/ids.js'
import {
  encodeManifest,
  encodeParameters,
  manifestSigningBytes,
  parametersSigningBytes,
  type Manifest,
  type Parameters,
} from '../../src/signed.js'
import { decode } from '../../src/codec.js'
import { ManifestSchema, ParametersSchema } from '../../src/wire.js'
import {
  ACCOUNT,
  CERTIFICATE_ROOT,
  DEVICE,
  DEVICE_KEY,
  filled,
  IDENTITY,
  REGISTRATION,
  RELAY_ROOT,
} from './keys.js'
import { meaningOf, type Json } from './meaning.js'
import { sha256 } from './sha256.js'

// XEdDSA is randomised: these were made once with libsignal, from the secrets in keys.ts.
const MANIFEST_SIGNATURES = [
  '5af9939cedd25b0e79432172bc2e4a21cf1272f0d3437f2c70f75996e411d8e93ca39d4142fdc4ed02a1b01f2173c5263b336ab282137426cb4138c5b7a3110f',
  '344f183103e27356da3ca975aafa1ab070317057f8ce7fae8186eff6263d75840a96d605e2a9bc52982d383f48ea78e0a8a3938d38dd5d618eaadf417e6b3e04',
] as const
const PARAMETERS_SIGNATURES = [
  '05da882b1706d08828ada72ef905246f7cccea94d0d3be2945e2ac463bd04a07afb970d8c0811bc70ffc79110fcf76fee05636b3a8b690586c6cbc4ff0533d89',
  '79d234d6ea6bdc31ae36ba6f3f44a25121745022174b0821c79630ec0ffd3d6a046ca068d8b9e48f8c9c3c5a29442e38ec3cdad67b2ee7ad0b5b11e6daa4d783',
] as const

export const MANIFEST: Manifest = {
  account: ACCOUNT,
  version: 1,
  previousHash: new Uint8Array(0),
  identityKey: IDENTITY.public,
  devices: [
    {
      id: DEVICE,
      registrationId: REGISTRATION,
      deviceKey: DEVICE_KEY.public,
      capabilities: [],
    },
  ],
}

export const NEXT_MANIFEST: Manifest = {
  ...MANIFEST,
  version: 2,
  previousHash: sha256(encodeManifest(MANIFEST)),
  devices: [
    ...MANIFEST.devices,
    {
      id: 2 as DeviceId,
      registrationId: 16383 as RegistrationId,
      deviceKey: filled(32, 0x66),
      capabilities: ['groups', 'calls'],
    },
  ],
}

export const MANIFESTS = [MANIFEST, NEXT_MANIFEST]

export function manifestVectors(): Json {
  return {
    about:
      'signed = "sotto manifest 1" 00 || manifest; signature is XEdDSA by the identity key of the manifest, whose account id is made of relay_root and that key. hash = SHA-256(manifest).',
    relay_root: hex(RELAY_ROOT.public),
    identity_secret: hex(IDENTITY.secret),
    vectors: MANIFESTS.map((manifest, index) =>
      signedVector({
        bytes: encodeManifest(manifest),
        field: 'manifest',
        signingBytes: manifestSigningBytes,
        signature: MANIFEST_SIGNATURES[index] ?? '',
        meaning: (bytes) => meaningOf(ManifestSchema, decode(ManifestSchema, bytes)),
      }),
    ),
  }
}

const RUN = { permitParameters: filled(673, 0x77), permitBatch: 40 }

export const PARAMETERS: readonly Parameters[] = [
  { ...RUN, version: 1, certificateRoot: CERTIFICATE_ROOT.public, registration: 'open' },
  { ...RUN, version: 1, certificateRoot: CERTIFICATE_ROOT.public, registration: 'invite' },
]

export function parametersVectors(): Json {
  return {
    about:
      'signed = "sotto parameters 1" 00 || parameters; signature is XEdDSA by the relay root key.',
    relay_root: hex(RELAY_ROOT.public),
    relay_root_secret: hex(RELAY_ROOT.secret),
    vectors: PARAMETERS.map((parameters, index) =>
      signedVector({
        bytes: encodeParameters(parameters),
        field: 'parameters',
        signingBytes: parametersSigningBytes,
        signature: PARAMETERS_SIGNATURES[index] ?? '',
        meaning: (bytes) => meaningOf(ParametersSchema, decode(ParametersSchema, bytes)),
      }),
    ),
  }
}

function signedVector(of: {
  readonly bytes: Bytes
  readonly field: string
  readonly signingBytes: (bytes: Bytes) => Bytes
  readonly signature: string
  readonly meaning: (bytes: Bytes) => Json
}): Json {
  return {
    meaning: of.meaning(of.bytes),
    [of.field]: hex(of.bytes),
    signed: hex(of.signingBytes(of.bytes)),
    hash: hex(sha256(of.bytes)),
    signature: of.signature,
    valid: true,
  }
}
