import { wire } from '@sotto/protocol'
import { test } from 'tap'
import { quiet, refusalOf, until } from './awaiting.js'
import { begin, beginOnline, reconnect } from './identified-scene.js'

const HOUR_MS = 60 * 60_000

test('a lost connection ends what is pending on it and is made again after a jittered delay', async (t) => {
  const scene = await beginOnline(t)
  const { door, delegate, side } = scene
  const pending = refusalOf(door.drawCertificate())
  await side.request()
  side.cut()
  t.equal((await pending).code, 'relay/unreachable')
  const next = await reconnect(scene)
  await next.ready()
  await door.whenOnline({ timeoutMs: 5_000 })
  t.same(delegate.told.slice(3), ['offline 250', 'connecting', 'ready', 'online'])
  t.same(delegate.logged, [
    'connection.online {"attempt":1}',
    'connection.lost {"delayMs":250}',
    'connection.online {"attempt":2}',
  ])
})

test('a relay that is away is tried again ever less often', async (t) => {
  const { relay, clock, delegate, door } = await begin(t)
  await relay.stop()
  door.start()
  for (const delayMs of [250, 500, 1000, 2000]) {
    await until(() => delegate.told.includes(`offline ${delayMs}`))
    clock.advance(delayMs)
  }
  t.same(
    delegate.told.filter((each) => each.startsWith('offline')),
    ['offline 250', 'offline 500', 'offline 1000', 'offline 2000'],
  )
})

test('who asks to be online is not kept waiting by the pause between two attempts', async (t) => {
  const { relay, delegate, door } = await begin(t)
  await relay.stop()
  door.start()
  await until(() => delegate.told.includes('offline 250'))
  const refusal = await refusalOf(door.whenOnline({ timeoutMs: 0 }))
  t.equal(refusal.code, 'relay/unreachable')
  t.ok(delegate.told.includes('offline 500'), 'tried again, by a clock that stands still')
})

test('a rest that the relay asked for is kept, whoever asks', async (t) => {
  const { door, side, relay } = await beginOnline(t)
  side.send({ kind: { case: 'drain', value: { afterMs: 4_000 } } })
  side.cut()
  await until(() => door.state === 'offline')
  await refusalOf(door.whenOnline({ timeoutMs: 0 }))
  t.equal(relay.connections.length, 1)
})

test('a silent socket is taken for half open after two pings without an answer', async (t) => {
  const scene = await beginOnline(t)
  const { clock, door, side } = scene
  clock.advance(30_000)
  clock.advance(30_000)
  await until(() => side.pings === 2)
  t.equal(door.state, 'online')
  clock.advance(30_000)
  await until(() => door.state === 'offline')
  await reconnect(scene)
  t.equal(scene.relay.connections.length, 2)
})

test('after a sleep the socket is looked at within seconds, and given up when nobody answers', async (t) => {
  const scene = await beginOnline(t)
  const { clock, door, side } = scene
  clock.jump(HOUR_MS) // The timers have stood still, the wall clock has not.
  clock.advance(5_000)
  await until(() => side.pings === 1)
  t.equal(door.state, 'online')
  clock.advance(5_000)
  await until(() => door.state === 'offline')
  await reconnect(scene)
  t.equal(scene.relay.connections.length, 2)
})

test('a socket that answers after a sleep stays', async (t) => {
  const { clock, door, side, relay } = await beginOnline(t)
  clock.jump(HOUR_MS)
  clock.advance(5_000)
  await until(() => side.pings === 1)
  side.send({ kind: { case: 'pong', value: { id: 1, timeMs: 1_000n } } })
  await until(() => door.relayTimeMs() === 1_000)
  clock.advance(10_000)
  t.equal(door.state, 'online')
  t.equal(relay.connections.length, 1)
})

test('what was on its way before a sleep does not count as an answer', async (t) => {
  const { clock, door, side, delegate } = await beginOnline(t)
  clock.jump(HOUR_MS)
  clock.advance(5_000)
  await until(() => side.pings === 1)
  side.send({ kind: { case: 'queueEmpty', value: {} } })
  await until(() => delegate.told.includes('queueEmpty'))
  clock.advance(5_000)
  await until(() => door.state === 'offline')
  t.pass()
})

test('a clock that is set back an hour closes nothing', async (t) => {
  const { clock, door, side } = await beginOnline(t)
  clock.jump(-HOUR_MS)
  clock.advance(5_000)
  await until(() => side.pings === 1)
  side.send({ kind: { case: 'pong', value: { id: 1, timeMs: 1_000n } } })
  await until(() => door.relayTimeMs() === 1_000)
  clock.advance(20_000)
  t.equal(door.state, 'online')
})

test('after a sleep the pause before the next attempt is over', async (t) => {
  const { relay, clock, delegate, door } = await begin(t)
  relay.refuseWith = { status: 503 }
  door.start()
  for (const delayMs of [250, 500, 1000, 2000, 4000, 8000]) {
    await until(() => delegate.told.includes(`offline ${delayMs}`))
    clock.advance(delayMs)
  }
  await until(() => delegate.told.includes('offline 16000'))
  relay.refuseWith = undefined
  clock.jump(HOUR_MS)
  clock.advance(5_000)
  await (await relay.connection(0)).ready()
  await door.whenOnline({ timeoutMs: 5_000 })
  t.equal(door.state, 'online')
})

test('a socket that answers pings stays', async (t) => {
  const { clock, door, side } = await beginOnline(t)
  for (const id of [1, 2, 3, 4, 5]) {
    clock.advance(30_000)
    await until(() => side.pings === id)
    side.send({ kind: { case: 'pong', value: { id, timeMs: 1_000n } } })
    await until(() => door.relayTimeMs() === 1_000)
  }
  t.equal(door.state, 'online')
})

test('a socket busy with deliveries lives, even where Pong is stuck behind them', async (t) => {
  const { clock, door, delegate, side } = await beginOnline(t)
  for (const seq of [1, 2, 3, 4, 5]) {
    clock.advance(30_000)
    side.deliver(seq)
    await until(() => delegate.deliveries.length === seq)
  }
  t.equal(door.state, 'online')
})

test('Drain is honoured as the least delay', async (t) => {
  const { clock, delegate, door, side } = await beginOnline(t)
  side.send({ kind: { case: 'drain', value: { afterMs: 4_000 } } })
  await quiet()
  t.equal(door.state, 'online')
  clock.advance(2_000)
  await until(() => door.state === 'offline')
  t.equal(delegate.told.at(-1), 'offline 4250')
})

test('a relay that asks for patience in its error gets it', async (t) => {
  const { relay, delegate, door } = await begin(t)
  door.start()
  const side = await relay.connection()
  await side.authenticated()
  side.error(wire.ErrorCode.UNAVAILABLE, 6_000)
  await until(() => delegate.told.length === 2)
  t.same(delegate.told, ['connecting', 'offline 6250'])
})

test('a relay that greets and then forgets us is left', async (t) => {
  const { relay, clock, delegate, door } = await begin(t)
  door.start()
  const side = await relay.connection()
  await side.authenticated()
  clock.advance(10_000)
  await until(() => delegate.told.length === 2)
  t.same(delegate.told, ['connecting', 'offline 250'])
})

test('waiting without patience ends with the first attempt', async (t) => {
  const { relay, door } = await begin(t)
  await relay.stop()
  door.start()
  const error = await refusalOf(door.whenOnline({ timeoutMs: 0 }))
  t.equal(error.message, `cannot reach ${relay.origin}: connection refused`)
})

test('waiting with patience ends with what stands in the way', async (t) => {
  const { relay, clock, door } = await begin(t)
  await relay.stop()
  door.start()
  const waiting = refusalOf(door.whenOnline({ timeoutMs: 200 }))
  await until(() => door.state === 'offline')
  clock.advance(200)
  t.equal((await waiting).message, `cannot reach ${relay.origin}: connection refused`)
})

test('stopping closes the socket, ends the trying and leaves no timer', async (t) => {
  const { relay, clock, delegate, door, side } = await beginOnline(t)
  await door.stop()
  await until(() => side.isClosed)
  t.equal(door.state, 'offline')
  t.equal(delegate.told.at(-1), 'offline')
  t.same(clock.waitingMs, [])
  t.equal(relay.connections.length, 1)
})

test('who waits for a door that was stopped is told so at once; started again, it opens', async (t) => {
  const { relay, clock, door } = await beginOnline(t)
  await door.stop()
  for (const timeoutMs of [0, 60_000])
    t.equal((await refusalOf(door.whenOnline({ timeoutMs }))).code, 'temporary/interrupted')
  t.same(clock.waitingMs, [])
  door.start()
  const side = await relay.connection(1)
  await side.ready()
  await door.whenOnline({ timeoutMs: 5_000 })
})

test('stopping while connecting, or between attempts, ends at once', async (t) => {
  const { relay, clock, door } = await begin(t)
  relay.greets = false
  door.start()
  await relay.connection()
  const waiting = refusalOf(door.whenOnline({ timeoutMs: 60_000 }))
  await door.stop()
  t.equal((await waiting).code, 'temporary/interrupted')
  await relay.stop()
  door.start()
  await until(() => door.state === 'offline' && clock.waitingMs.length > 0)
  await door.stop()
  t.same(clock.waitingMs, [])
})
