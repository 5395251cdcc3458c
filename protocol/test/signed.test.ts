import fc from 'fast-check'
import { test } from 'tap'
import { deriveAccountId } from '../src/account-id.js'
import { concatBytes, equalBytes, hex, ownBytes, utf8, type Bytes } from '../src/bytes.js'
import type { DeviceId, RegistrationId } from '../src/ids.js'
import {
  challengeSigningBytes,
  encodeManifest,
  encodeParameters,
  isNextManifest,
  manifestSigningBytes,
  openManifest,
  openParameters,
  parametersSigningBytes,
  type Verify,
} from '../src/signed.js'
import { SignedParametersSchema } from '../src/wire.js'
import { create } from '@bufbuild/protobuf'
import { bytes, bytesBetween, damaged, manifest as manifestOf } from './arbitraries.js'
import { codeOf, refusesProperly } from './refusal.js'
import { ACCOUNT, CERTIFICATE_ROOT, DEVICE, filled, NOW_MS, RELAY_ROOT } from './vectors/keys.js'
import { sha256 } from './vectors/sha256.js'
import { MANIFEST, NEXT_MANIFEST, PARAMETERS } from './vectors/signed-vectors.js'

const relayRoot = RELAY_ROOT.public
// A signature is the hash of what was signed: the real ones are in vectors.test.ts.
const hashIsSignature: Verify = (_key, message, signature) => equalBytes(sha256(message), signature)
const check = { relayRoot, verify: hashIsSignature, sha256 }
const anyManifest = manifestOf((identity) => deriveAccountId({ relayRoot, identity }, sha256))

const PARAMETERS_BYTES = encodeParameters(PARAMETERS[0]!)

function signed(manifest: Bytes) {
  return { manifest, signature: sha256(manifestSigningBytes(manifest)) }
}

function signedParameters(parameters: Bytes, rootKey = relayRoot) {
  const signature = sha256(parametersSigningBytes(parameters))
  return create(SignedParametersSchema, { parameters, signature, rootKey })
}

test('a manifest survives encoding and opening', async (t) => {
  fc.assert(
    fc.property(anyManifest, (manifest) => {
      t.same(openManifest(signed(encodeManifest(manifest)), check), manifest)
    }),
  )
})

test('a manifest with numbers out of range is malformed, not wrongly given by whoever reads it', async (t) => {
  const device = MANIFEST.devices[0]!
  for (const wrong of [{ id: 128 as DeviceId }, { registrationId: 0 as RegistrationId }]) {
    const raw = encodeManifest({ ...MANIFEST, devices: [{ ...device, ...wrong }] })
    t.equal(
      codeOf(() => openManifest(signed(raw), check)),
      'wire/malformed',
    )
  }
})

test('a manifest that is signed but damaged is opened or refused properly', async (t) => {
  fc.assert(
    fc.property(damaged(anyManifest.map(encodeManifest)), (raw) =>
      refusesProperly(() => openManifest(signed(raw), check)),
    ),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(bytesBetween(0, 200), (raw) =>
      refusesProperly(() => openManifest(signed(raw), check)),
    ),
  )
  t.pass('for all damage')
})

test('a manifest under another signature is refused', async (t) => {
  const forged = { ...signed(encodeManifest(MANIFEST)), signature: filled(64, 1) }
  t.equal(
    codeOf(() => openManifest(forged, check)),
    'wire/malformed',
  )
})

test('a manifest whose identity key the account id does not certify is refused', async (t) => {
  const stolen = { ...MANIFEST, identityKey: CERTIFICATE_ROOT.public }
  t.equal(
    codeOf(() => openManifest(signed(encodeManifest(stolen)), check)),
    'wire/malformed',
  )
})

test('a manifest of another relay is refused', async (t) => {
  const elsewhere = { ...check, relayRoot: CERTIFICATE_ROOT.public }
  const manifest = signed(encodeManifest(MANIFEST))
  t.equal(
    codeOf(() => openManifest(manifest, elsewhere)),
    'wire/malformed',
  )
})

test('a manifest without devices, with too many or with one twice is refused', async (t) => {
  const [device] = MANIFEST.devices
  const many = Array.from({ length: 9 }, (_, index) => ({
    ...device!,
    id: (index + 1) as DeviceId,
  }))
  const withDevices = (devices: typeof many) => signed(encodeManifest({ ...MANIFEST, devices }))
  t.equal(
    codeOf(() => openManifest(withDevices([]), check)),
    'wire/malformed',
  )
  t.equal(
    codeOf(() => openManifest(withDevices(many), check)),
    'wire/malformed',
  )
  t.equal(
    codeOf(() => openManifest(withDevices([device!, device!]), check)),
    'wire/malformed',
  )
  t.equal(
    codeOf(() => openManifest(withDevices(many.slice(0, 8)), check)),
    undefined,
  )
})

test('the first manifest replaces none and every later one names what it replaces', async (t) => {
  const rootless = { ...MANIFEST, previousHash: filled(32, 1) }
  const orphan = { ...NEXT_MANIFEST, previousHash: new Uint8Array(0) }
  t.equal(
    codeOf(() => openManifest(signed(encodeManifest(rootless)), check)),
    'wire/malformed',
  )
  t.equal(
    codeOf(() => openManifest(signed(encodeManifest(orphan)), check)),
    'wire/malformed',
  )
})

test('only the next version of the same account that names its predecessor may replace it', async (t) => {
  const current = { manifest: MANIFEST, hash: sha256(encodeManifest(MANIFEST)) }
  t.ok(isNextManifest(current, NEXT_MANIFEST))
  t.notOk(isNextManifest(current, MANIFEST))
  t.notOk(isNextManifest(current, { ...NEXT_MANIFEST, version: 3 }))
  t.notOk(isNextManifest(current, { ...NEXT_MANIFEST, previousHash: filled(32, 1) }))
  const other = deriveAccountId({ relayRoot, identity: CERTIFICATE_ROOT.public }, sha256)
  t.notOk(isNextManifest(current, { ...NEXT_MANIFEST, account: other }))
})

test('parameters survive encoding and opening, with the root key that signed them', async (t) => {
  const opened = openParameters(signedParameters(PARAMETERS_BYTES), hashIsSignature)
  t.same(opened, { ...PARAMETERS[0], rootKey: relayRoot })
})

test('parameters that are signed but damaged are opened or refused properly', async (t) => {
  fc.assert(
    fc.property(damaged(fc.constant(PARAMETERS_BYTES)), bytesBetween(30, 36), (raw, rootKey) =>
      refusesProperly(() => openParameters(signedParameters(raw, rootKey), hashIsSignature)),
    ),
    { numRuns: 2000 },
  )
  t.pass('for all damage')
})

test('parameters under another signature are refused', async (t) => {
  const forged = { ...signedParameters(PARAMETERS_BYTES), signature: filled(64, 1) }
  t.equal(
    codeOf(() => openParameters(forged, hashIsSignature)),
    'wire/malformed',
  )
})

test('what is signed for one purpose is never what is signed for another', async (t) => {
  const starts = [
    hex(manifestSigningBytes(new Uint8Array(0))),
    hex(parametersSigningBytes(new Uint8Array(0))),
    hex(challengeSigningBytes(challenge())).slice(0, hex(utf8('sotto challenge 1\0')).length),
  ]
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.constantFrom(...starts), (a, b) => {
      return a === b || !a.startsWith(b)
    }),
  )
  t.equal(new Set(starts).size, 3)
})

test('a challenge is bound to nonce, time, relay, account, device and host', async (t) => {
  const signing = hex(challengeSigningBytes(challenge()))
  const others = [
    { nonce: filled(32, 8) },
    { timeMs: NOW_MS + 1 },
    { relayRoot: CERTIFICATE_ROOT.public },
    { account: deriveAccountId({ relayRoot, identity: relayRoot }, sha256) },
    { device: 2 as DeviceId },
    { host: 'relay.example:444' },
  ].map((other) => hex(challengeSigningBytes({ ...challenge(), ...other })))
  t.equal(new Set([signing, ...others]).size, 7)
})

test('a challenge has one form whatever the case of the host', async (t) => {
  const upper = challengeSigningBytes({ ...challenge(), host: 'RELAY.example:443' })
  t.same(upper, challengeSigningBytes(challenge()))
})

test('a nonce of another length is not signed, so that no field can slip into the next', async (t) => {
  const sliding = concatBytes(filled(32, 7), filled(1, 0))
  t.equal(
    codeOf(() => challengeSigningBytes({ ...challenge(), nonce: sliding })),
    'wire/malformed',
  )
})

test('a manifest keeps no view into the frame it came in', async (t) => {
  fc.assert(
    fc.property(bytes(4), (around) => {
      const raw = encodeManifest(MANIFEST)
      const frame = concatBytes(around, raw, around)
      const view = frame.subarray(4, 4 + raw.length)
      const opened = openManifest(
        { manifest: view, signature: signed(ownBytes(view)).signature },
        check,
      )
      frame.fill(0)
      t.same(opened, MANIFEST)
    }),
    { numRuns: 5 },
  )
})

function challenge() {
  return {
    nonce: filled(32, 7),
    timeMs: NOW_MS,
    relayRoot,
    host: 'relay.example:443',
    account: ACCOUNT,
    device: DEVICE,
  }
}
