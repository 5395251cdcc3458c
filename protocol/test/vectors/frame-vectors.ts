import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf'
import { hex } from '../../src/bytes.js'
import { decode, encode } from '../../src/codec.js'
import { accountIdBytes } from '../../src/ids.js'
import { encodeManifest, encodeParameters } from '../../src/signed.js'
import * as wire from '../../src/wire.js'
import { ACCOUNT, DEVICE_KEY, filled, NOW_MS, REGISTRATION, RELAY_ROOT } from './keys.js'
import { meaningOf, type Json } from './meaning.js'
import { MANIFEST, PARAMETERS } from './signed-vectors.js'

type Init<Desc extends DescMessage> = MessageInitShape<Desc>
type Kind<Desc extends DescMessage> = Init<Desc> extends { kind?: infer Value } ? Value : never

const ROUTE = filled(16, 0x07)
const SIGNED_MANIFEST = { manifest: encodeManifest(MANIFEST), signature: filled(64, 0x51) }
const SIGNED_PREKEY = { id: 1, publicKey: filled(33, 0x05), signature: filled(64, 0x52) }
const EC_PREKEY = { id: 2, publicKey: filled(33, 0x06) }
// The bytes of a Kyber key mean nothing here, and 1569 of them would fill the file.
const KYBER_PREKEY = { id: 3, publicKey: filled(8, 0x08), signature: filled(64, 0x53) }
const STOCK = {
  signed: SIGNED_PREKEY,
  lastResort: KYBER_PREKEY,
  oneTimeEc: [EC_PREKEY],
  oneTimeKyber: [KYBER_PREKEY],
  replace: true,
}
const COUNTS = { oneTimeEc: 99, oneTimeKyber: 98, lastResortUsed: true }
const BUNDLE = {
  route: ROUTE,
  manifest: SIGNED_MANIFEST,
  devices: [
    {
      device: 1,
      registrationId: REGISTRATION,
      signed: SIGNED_PREKEY,
      oneTimeEc: EC_PREKEY,
      kyber: KYBER_PREKEY,
    },
    {
      device: 2,
      registrationId: 2,
      signed: SIGNED_PREKEY,
      kyber: KYBER_PREKEY,
      lastResort: true,
    },
  ],
}
const ENVELOPE = {
  device: 1,
  registrationId: REGISTRATION,
  idempotencyKey: filled(16, 0x1d),
  body: filled(8, 0xbb),
}
const KEY_LEAVE = { kind: { case: 'accessKey' as const, value: filled(16, 0x0a) } }
const STRANGER_LEAVE = { kind: { case: 'stranger' as const, value: {} } }
const PERMIT_LEAVE = { kind: { case: 'permit' as const, value: filled(65, 0x0e) } }
const INVITE_LEAVE = {
  kind: {
    case: 'invite' as const,
    value: { key: filled(32, 0x1c), errand: filled(16, 0x1e) },
  },
}
const LIMITS = {
  envelopeBytes: 98304,
  submitEnvelopes: 8,
  windowEnvelopes: 256,
  windowBytes: 1048576,
  mailboxEnvelopes: 5000,
  mailboxBytes: 67108864n,
  strangerEnvelopes: 200,
  strangerBytes: 4194304n,
  retentionDays: 30,
  prekeyStock: 100,
  frameBytes: 1048576,
}
const TIME = BigInt(NOW_MS)

const CLIENT_FRAMES: readonly (readonly [string, Kind<typeof wire.ClientFrameSchema>])[] = [
  [
    'authenticate',
    {
      case: 'authenticate',
      value: {
        version: 1,
        account: accountIdBytes(ACCOUNT),
        device: 1,
        signature: filled(64, 0x5e),
      },
    },
  ],
  ['acknowledge', { case: 'acknowledge', value: { epoch: 1n, seq: 10482n } }],
  ['ping', { case: 'ping', value: { id: 5 } }],
]

type Method = NonNullable<Init<typeof wire.RequestSchema>['method']>

const REQUESTS: readonly (readonly [string, Method])[] = [
  [
    'lookup username',
    { case: 'lookupUsername', value: { hash: filled(32, 0x09), leave: PERMIT_LEAVE } },
  ],
  ['check username', { case: 'checkUsername', value: { hash: filled(32, 0x09) } }],
  [
    'fetch bundle, with an access key',
    { case: 'fetchBundle', value: { account: accountIdBytes(ACCOUNT), leave: KEY_LEAVE } },
  ],
  [
    'fetch bundle, with a permit',
    { case: 'fetchBundle', value: { account: accountIdBytes(ACCOUNT), leave: PERMIT_LEAVE } },
  ],
  [
    'fetch bundle, with an invite',
    { case: 'fetchBundle', value: { account: accountIdBytes(ACCOUNT), leave: INVITE_LEAVE } },
  ],
  [
    'fetch bundle, as a stranger, of two devices',
    {
      case: 'fetchBundle',
      value: { account: accountIdBytes(ACCOUNT), leave: STRANGER_LEAVE, devices: [1, 2] },
    },
  ],
  ['submit', { case: 'submit', value: { route: ROUTE, leave: KEY_LEAVE, envelopes: [ENVELOPE] } }],
  ['publish prekeys', { case: 'publishPrekeys', value: STOCK }],
  ['draw certificate', { case: 'drawCertificate', value: {} }],
  ['publish manifest', { case: 'publishManifest', value: { manifest: SIGNED_MANIFEST } }],
  [
    'set username',
    { case: 'setUsername', value: { hash: filled(32, 0x09), proof: filled(128, 0x0f) } },
  ],
  [
    'set access key',
    { case: 'setAccessKey', value: { current: filled(16, 0x0a), previous: filled(16, 0x0b) } },
  ],
  ['submit to own devices', { case: 'submitOwn', value: { envelopes: [ENVELOPE] } }],
  ['delete account', { case: 'deleteAccount', value: {} }],
  ['draw permits', { case: 'drawPermits', value: { request: filled(8, 0x0e) } }],
  [
    'publish invites',
    {
      case: 'publishInvites',
      value: { invites: [{ hash: filled(32, 0x1d), usesLeft: 3, expiresDay: 20_000 }] },
    },
  ],
]

const RELAY_FRAMES: readonly (readonly [string, Kind<typeof wire.RelayFrameSchema>])[] = [
  [
    'hello, identified door',
    {
      case: 'hello',
      value: {
        versionMin: 1,
        versionMax: 1,
        timeMs: TIME,
        nonce: filled(32, 0x77),
        limits: LIMITS,
      },
    },
  ],
  [
    'hello, anonymous door',
    { case: 'hello', value: { versionMin: 1, versionMax: 1, timeMs: TIME, limits: LIMITS } },
  ],
  ['ready', { case: 'ready', value: { epoch: 1n, prekeys: COUNTS } }],
  [
    'deliver',
    {
      case: 'deliver',
      value: { seq: 10482n, body: filled(8, 0xbb), arrivalMs: TIME, stranger: true },
    },
  ],
  ['ephemeral', { case: 'ephemeral', value: { body: filled(8, 0xbb), arrivalMs: TIME } }],
  ['queue empty', { case: 'queueEmpty', value: {} }],
  [
    'gap',
    {
      case: 'gap',
      value: { seq: 10483n, count: 3, reason: wire.GapReason.QUOTA, arrivalMs: TIME },
    },
  ],
  ['pong', { case: 'pong', value: { id: 5, timeMs: TIME } }],
  ['drain', { case: 'drain', value: { afterMs: 1500 } }],
  ['error', { case: 'error', value: { code: wire.ErrorCode.RATE_LIMITED, retryAfterMs: 60_000 } }],
  ['prekeys', { case: 'prekeys', value: COUNTS }],
]

const RESULTS: readonly (readonly [string, Kind<typeof wire.ResultSchema>])[] = [
  ['error', { case: 'error', value: { code: wire.ErrorCode.REFUSED } }],
  ['done', { case: 'done', value: {} }],
  ['username owner', { case: 'usernameOwner', value: { account: accountIdBytes(ACCOUNT) } }],
  ['bundle', { case: 'bundle', value: BUNDLE }],
  ['submitted', { case: 'submitted', value: { arrivalMs: TIME } }],
  ['submitted before', { case: 'submitted', value: { arrivalMs: 0n } }],
  [
    'devices mismatch',
    {
      case: 'devicesMismatch',
      value: { missing: [2], extra: [3], stale: [1], bundle: BUNDLE },
    },
  ],
  ['prekeys', { case: 'prekeys', value: COUNTS }],
  [
    'certificate',
    { case: 'certificate', value: { certificate: filled(8, 0xce), expiresMs: TIME } },
  ],
  ['permits', { case: 'permits', value: { response: filled(8, 0x0e) } }],
]

const REGISTER: Init<typeof wire.RegisterSchema> = {
  manifest: SIGNED_MANIFEST,
  accessKey: filled(16, 0x0a),
  usernameHash: filled(32, 0x09),
  usernameProof: filled(128, 0x0f),
  prekeys: STOCK,
  code: 'let-me-in',
}
const REGISTERED: Init<typeof wire.RegisteredSchema> = {
  route: ROUTE,
  certificate: { certificate: filled(8, 0xce), expiresMs: TIME },
}
const SIGNED_PARAMETERS: Init<typeof wire.SignedParametersSchema> = {
  parameters: encodeParameters(PARAMETERS[0]!),
  signature: filled(64, 0x50),
  rootKey: RELAY_ROOT.public,
}

export function frameVectors(): Json {
  return {
    about:
      'bytes is the encoded message of relay.proto that `message` names, meaning the same in JSON: field names as there, bytes as hex, 64-bit numbers as decimal strings, enums by name, unset fields left out. Keys, signatures, certificates and bodies are stand-ins, shorter than real ones.',
    device_key: hex(DEVICE_KEY.public),
    vectors: [
      ...CLIENT_FRAMES.map(([name, kind]) => vector(name, wire.ClientFrameSchema, { kind })),
      ...REQUESTS.map(([name, method]) =>
        vector(`request: ${name}`, wire.ClientFrameSchema, {
          kind: { case: 'request', value: { id: 7, method } },
        }),
      ),
      ...RELAY_FRAMES.map(([name, kind]) => vector(name, wire.RelayFrameSchema, { kind })),
      ...RESULTS.map(([name, kind]) =>
        vector(`result: ${name}`, wire.RelayFrameSchema, {
          kind: { case: 'result', value: { id: 7, kind } },
        }),
      ),
      vector('POST /v1/accounts, request', wire.RegisterSchema, REGISTER),
      vector('POST /v1/accounts, answer', wire.RegisteredSchema, REGISTERED),
      vector('GET /v1/parameters, answer', wire.SignedParametersSchema, SIGNED_PARAMETERS),
    ],
  }
}

function vector<Desc extends DescMessage>(
  name: string,
  schema: Desc,
  message: MessageInitShape<Desc>,
): Json {
  const bytes = encode(schema, message)
  return {
    name,
    message: schema.name,
    bytes: hex(bytes),
    meaning: meaningOf(schema, decode(schema, bytes)),
  }
}
