import { PrivateKey, PublicKey } from '@signalapp/libsignal-client'
import {
  encode,
  encodeParameters,
  parametersSigningBytes,
  wire,
  type Verify,
} from '@sotto/protocol'
import { test, type Test } from 'tap'
import { fetchParameters, register } from '../../src/net/registration.js'
import { nodeTransport } from '../../src/net/transport.js'
import { refusalOf } from './awaiting.js'
import { ScriptedRelay } from './scripted-relay.js'

const verify: Verify = (publicKey, message, signature) =>
  PublicKey.deserialize(new Uint8Array(publicKey)).verify(message, new Uint8Array(signature))

async function startRelay(t: Test): Promise<ScriptedRelay> {
  const relay = await ScriptedRelay.start()
  t.teardown(() => relay.stop())
  return relay
}

function signedParameters(root: PrivateKey, signer: PrivateKey = root): Uint8Array<ArrayBuffer> {
  const certificateRoot = PrivateKey.generate().getPublicKey().serialize()
  const parameters = encodeParameters({
    ...{ version: 1, certificateRoot, registration: 'open' },
    ...{ permitParameters: new Uint8Array(673), permitBatch: 40 },
  })
  return encode(wire.SignedParametersSchema, {
    parameters,
    signature: signer.sign(parametersSigningBytes(parameters)),
    rootKey: root.getPublicKey().serialize(),
  })
}

test('parameters come with the root key that signed them', async (t) => {
  const relay = await startRelay(t)
  const root = PrivateKey.generate()
  relay.answer = { status: 200, body: signedParameters(root) }
  const parameters = await fetchParameters({
    origin: relay.origin,
    transport: nodeTransport,
    verify,
  })
  t.same(parameters.rootKey, new Uint8Array(root.getPublicKey().serialize()))
  t.equal(parameters.registration, 'open')
  t.equal(relay.requests[0]!.url, '/v1/parameters')
})

test('parameters under another key’s signature are refused', async (t) => {
  const relay = await startRelay(t)
  relay.answer = {
    status: 200,
    body: signedParameters(PrivateKey.generate(), PrivateKey.generate()),
  }
  const options = { origin: relay.origin, transport: nodeTransport, verify }
  t.equal((await refusalOf(fetchParameters(options))).code, 'wire/malformed')
})

test('a web page is not a relay', async (t) => {
  const relay = await startRelay(t)
  relay.answer = { status: 404, body: new Uint8Array(Buffer.from('<html>not here</html>')) }
  const options = { origin: relay.origin, transport: nodeTransport, verify }
  t.equal((await refusalOf(fetchParameters(options))).code, 'relay/unreachable')
})

test('registering posts the request and gives the route', async (t) => {
  const relay = await startRelay(t)
  const route = new Uint8Array(16).fill(7)
  relay.answer = { status: 200, body: encode(wire.RegisteredSchema, { route }) }
  const request = encode(wire.RegisterSchema, { code: 'a-code' })
  const answer = await register({
    origin: relay.origin,
    transport: nodeTransport,
    request: { code: 'a-code' },
  })
  t.match(answer, { kind: 'registered', registered: { route } })
  t.same(relay.requests, [{ method: 'POST', url: '/v1/accounts', body: Buffer.from(request) }])
})

test('a username that somebody has is refused as such', async (t) => {
  const relay = await startRelay(t)
  const body = encode(wire.ErrorSchema, { code: wire.ErrorCode.CONFLICT })
  relay.answer = { status: 409, body }
  const options = { origin: relay.origin, transport: nodeTransport, request: {} }
  t.equal((await refusalOf(register(options))).code, 'username/taken')
})
