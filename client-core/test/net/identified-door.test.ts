import { createPublicKey, verify } from 'node:crypto'
import { challengeSigningBytes, FIRST_DEVICE, wire, type Bytes } from '@sotto/protocol'
import { test } from 'tap'
import { IdentifiedDoor } from '../../src/net/identified-door.js'
import { nodeTransport } from '../../src/net/transport.js'
import { quiet, refusalOf, until } from './awaiting.js'
import {
  ALICE,
  begin,
  beginOnline,
  KEYS,
  NONCE,
  Recorder,
  reconnect,
  ROOT,
} from './identified-scene.js'
import { fixedRandom } from './manual-clock.js'

test('the device signs relay, host, time and nonce, and is online when the relay knows it', async (t) => {
  const { relay, delegate, door, clock } = await begin(t)
  t.equal(door.state, 'offline')
  door.start()
  const side = await relay.connection()
  const { account, device, signature, version } = await side.authenticated()
  const challenge = challengeSigningBytes({
    nonce: NONCE,
    timeMs: clock.nowMs(),
    relayRoot: ROOT,
    host: new URL(relay.origin).host,
    account: ALICE,
    device: FIRST_DEVICE,
  })
  t.ok(verify(null, challenge, createPublicKey(KEYS.privateKey), signature))
  t.equal(side.headers.host, new URL(relay.origin).host)
  t.same([account.length, device, version, side.path], [16, 1, 1, '/v1/identified'])
  await side.ready(7n)
  await door.whenOnline({ timeoutMs: 5_000 })
  t.same(delegate.told, ['connecting', 'ready', 'online'])
  t.equal(delegate.readies[0]!.epoch, 7)
  t.equal(delegate.readies[0]!.prekeys.oneTimeKyber, 80)
})

test('a function may sign in place of a key', async (t) => {
  const { relay, clock, delegate } = await begin(t)
  const signature = new Uint8Array(64).fill(4)
  const door = new IdentifiedDoor({
    origin: relay.origin,
    relayRoot: ROOT,
    account: ALICE,
    device: FIRST_DEVICE,
    deviceKey: (): Bytes => signature,
    transport: nodeTransport,
    clock,
    random: fixedRandom(0),
    log: delegate.log,
    delegate,
  })
  door.start()
  const side = await relay.connection()
  t.same(new Uint8Array((await side.authenticated()).signature), signature)
  await door.stop()
})

test('what is delivered comes in order, and says when everything that waited is here', async (t) => {
  const { delegate, side } = await beginOnline(t)
  side.deliver(3)
  side.send({
    kind: {
      case: 'gap',
      value: { seq: 4n, count: 12, reason: wire.GapReason.QUOTA, arrivalMs: 5_000n },
    },
  })
  side.deliver(5)
  side.send({ kind: { case: 'queueEmpty', value: {} } })
  await until(() => delegate.told.includes('queueEmpty'))
  t.same(delegate.told.slice(3), ['deliver 3', 'gap 4', 'deliver 5', 'queueEmpty'])
  const [first] = delegate.deliveries
  t.match(first, { epoch: 1, seq: 3, arrivalMs: 5_000, stranger: false })
  t.same(first!.body, Uint8Array.of(3))
  t.match(delegate.gaps[0], { epoch: 1, seq: 4, count: 12, reason: 'quota' })
})

test('deliveries that come with Ready come after it', async (t) => {
  const { relay, delegate, door } = await begin(t)
  door.start()
  const side = await relay.connection()
  await side.authenticated()
  side.sendReady()
  side.deliver(1)
  side.deliver(2)
  await until(() => delegate.deliveries.length === 2)
  t.same(delegate.told, ['connecting', 'ready', 'online', 'deliver 1', 'deliver 2'])
})

test('a stock that runs low is told without asking', async (t) => {
  const { delegate, side } = await beginOnline(t)
  side.send({ kind: { case: 'prekeys', value: { oneTimeEc: 9 } } })
  await until(() => delegate.told.length === 4)
  t.equal(delegate.told.at(-1), 'prekeys 9')
})

test('acknowledging is cumulative, and done once', async (t) => {
  const { delegate, side } = await beginOnline(t)
  side.deliver(1)
  side.deliver(2)
  side.deliver(3)
  await until(() => delegate.deliveries.length === 3)
  delegate.deliveries[1]!.acknowledge()
  delegate.deliveries[0]!.acknowledge()
  delegate.deliveries[1]!.acknowledge()
  delegate.deliveries[2]!.acknowledge()
  await until(() => side.acknowledged.length === 2)
  await quiet()
  t.same(side.acknowledged, [2, 3])
})

test('an envelope acknowledged after its socket is gone is not acknowledged on the next', async (t) => {
  const scene = await beginOnline(t)
  const { delegate, side } = scene
  side.deliver(1)
  await until(() => delegate.deliveries.length === 1)
  side.cut()
  const next = await reconnect(scene)
  await next.ready()
  next.deliver(1)
  await until(() => delegate.deliveries.length === 2)
  delegate.deliveries[0]!.acknowledge()
  await quiet()
  t.same(next.acknowledged, [])
  delegate.deliveries[1]!.acknowledge()
  await until(() => next.acknowledged.length === 1)
  t.same(next.acknowledged, [1])
})

test('the door acknowledges only in the epoch it is in', async (t) => {
  const { door, delegate, side } = await beginOnline(t)
  side.deliver(4)
  await until(() => delegate.deliveries.length === 1)
  door.acknowledge(2, 4)
  await quiet()
  t.same(side.acknowledged, [])
  door.acknowledge(1, 4)
  await until(() => side.acknowledged.length === 1)
  t.same(side.acknowledged, [4])
})

test('requests are answered in any order', async (t) => {
  const { door, side } = await beginOnline(t)
  const publishing = door.publishPrekeys({ oneTimeEc: [{ id: 1, publicKey: ROOT }] })
  const drawing = door.drawCertificate()
  await side.request(1)
  const [publish, draw] = side.requests
  side.result(draw!.id, { case: 'certificate', value: { certificate: ROOT, expiresMs: 9n } })
  side.result(publish!.id, { case: 'prekeys', value: { oneTimeEc: 100 } })
  t.equal((await drawing).expiresMs, 9n)
  t.equal((await publishing).oneTimeEc, 100)
})

test('each request says what it is for', async (t) => {
  const { door, side } = await beginOnline(t)
  const asked = [
    door.publishManifest({ manifest: ROOT, signature: ROOT }),
    door.setUsername({ hash: ROOT, proof: ROOT }),
    door.setAccessKey({ current: ROOT, previous: new Uint8Array(0) }),
    door.submitOwn([{ device: 2, registrationId: 1, idempotencyKey: ROOT, body: ROOT }]),
  ]
  await side.request(3)
  t.same(
    side.requests.map(({ method }) => method.case),
    ['publishManifest', 'setUsername', 'setAccessKey', 'submitOwn'],
  )
  const [manifest, username, accessKey, own] = side.requests
  side.result(manifest!.id, { case: 'done', value: {} })
  side.result(username!.id, { case: 'done', value: {} })
  side.result(accessKey!.id, { case: 'done', value: {} })
  side.result(own!.id, { case: 'submitted', value: { arrivalMs: 3n } })
  t.match(await Promise.all(asked), [undefined, undefined, undefined, { kind: 'accepted' }])
})

test('a request while offline fails at once, with the reason', async (t) => {
  const { door } = await begin(t)
  t.equal((await refusalOf(door.drawCertificate())).code, 'relay/unreachable')
})

test('a device the relay does not know stops the door', async (t) => {
  const { relay, clock, delegate, door } = await begin(t)
  door.start()
  const waiting = refusalOf(door.whenOnline({ timeoutMs: 60_000 }))
  const side = await relay.connection()
  await side.authenticated()
  side.error(wire.ErrorCode.UNAUTHENTICATED)
  t.equal((await waiting).code, 'device/unlinked')
  t.same(delegate.told, ['connecting', 'offline', 'fatal device/unlinked'])
  t.equal(door.state, 'offline')
  t.same(clock.waitingMs, [])
  t.equal((await refusalOf(door.whenOnline({ timeoutMs: 1 }))).code, 'device/unlinked')
  t.equal((await refusalOf(door.drawCertificate())).code, 'device/unlinked')
})

test('a device that connected from somewhere else stops the door', async (t) => {
  const { delegate, side } = await beginOnline(t)
  side.error(wire.ErrorCode.REPLACED)
  await until(() => delegate.fatals.length === 1)
  t.match(delegate.fatals[0], {
    code: 'account/busy',
    message: 'this device connected from somewhere else',
  })
})

test('a relay without a common version stops the door', async (t) => {
  const { relay, delegate, door } = await begin(t)
  relay.hello = { versionMin: 2, versionMax: 2, timeMs: 1n, nonce: NONCE }
  door.start()
  await until(() => delegate.fatals.length === 1)
  t.equal(delegate.fatals[0]!.code, 'wire/version')
})

test('a delegate that throws stops the door as a bug instead of losing an envelope', async (t) => {
  const delegate = new Recorder()
  const { relay, door } = await begin(t, delegate)
  delegate.deliver = () => {
    throw new Error('planted')
  }
  door.start()
  const side = await relay.connection()
  await side.ready()
  side.deliver(1)
  await until(() => delegate.fatals.length === 1)
  t.match(delegate.fatals[0], { code: 'bug/invariant', message: /planted/ })
  t.same(side.acknowledged, [])
})

test('a relay that delivers out of order, or before Ready, is left and tried again', async (t) => {
  const scene = await beginOnline(t)
  scene.side.deliver(2)
  scene.side.deliver(1)
  const next = await reconnect(scene)
  await next.authenticated()
  next.deliver(1)
  await until(() => next.isClosed)
  t.equal(scene.delegate.deliveries.length, 1)
  t.same(scene.delegate.fatals, [])
})

test('a relay that ignores its own window is left', async (t) => {
  const { delegate, door, side } = await beginOnline(t)
  for (let seq = 1; seq <= 1025; seq++) side.deliver(seq, Uint8Array.of(0))
  await until(() => door.state === 'offline')
  t.equal(delegate.deliveries.length, 1024)
})

test('relay time is the relay’s word plus the monotonic clock, whatever the local clock says', async (t) => {
  const delegate = new Recorder()
  const { relay, clock, door } = await begin(t, delegate)
  t.equal(door.relayTimeMs(), clock.nowMs())
  const relayMs = clock.nowMs() - 7 * 60_000
  relay.hello = { versionMin: 1, versionMax: 1, timeMs: BigInt(relayMs), nonce: NONCE }
  door.start()
  const side = await relay.connection()
  await side.ready()
  await door.whenOnline({ timeoutMs: 5_000 })
  t.match(delegate.readies[0], { relayTimeMs: relayMs, skewMs: 7 * 60_000 })
  t.ok(delegate.logged.includes('clock.skewed {"minutes":7}'))
  clock.advance(1_234.75)
  t.equal(door.relayTimeMs(), relayMs + 1_234, 'whole milliseconds, as the store wants them')
})
