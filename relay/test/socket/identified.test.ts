import t from 'tap'
import { FRAME_BYTES_MAX, wire } from '@sotto/protocol'
import { CLOSE } from '../../src/socket/close-codes.js'
import {
  random,
  registeredAccount,
  submission,
  TestAccount,
  testDevice,
} from '../harness/test-account.js'
import { rawSocketOf, TestDoor } from '../harness/test-door.js'
import { recordingLog, testRelay, type TestRelay } from '../harness/test-relay.js'

const { ErrorCode } = wire

/** Answers a Hello with a signature over something slightly else. */
async function authenticateWith(
  relay: TestRelay,
  account: TestAccount,
  wrong: Parameters<TestAccount['authenticate']>[0] | object,
): Promise<TestDoor> {
  const door = await TestDoor.open(relay.url, 'identified')
  const { nonce, timeMs } = await door.next('hello')
  const challenge = { nonce, timeMs: Number(timeMs), host: door.host, ...wrong }
  door.send({ case: 'authenticate', value: account.authenticate(challenge) })
  return door
}

/** Client and relay alike: they are in one process. */
function holdUpEventLoop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

t.test('a device gets in with its signature over the challenge', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay, { oneTime: 7 })

  const door = await TestDoor.open(relay.url, 'identified')
  await door.authenticate(account)

  const ready = await door.next('ready')
  t.equal(ready.epoch, 1n)
  t.match(ready.prekeys, { oneTimeEc: 7, oneTimeKyber: 7, lastResortUsed: false })
})

t.test('a signature over another host, root, nonce, time or device gets nobody in', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  const other = new TestAccount(relay.rootKey)

  const doors = [
    await authenticateWith(relay, account, { host: 'elsewhere.example' }),
    await authenticateWith(relay, account, { relayRoot: other.identityKey }),
    await authenticateWith(relay, account, { nonce: random(32) }),
    await authenticateWith(relay, account, { timeMs: 1 }),
    await authenticateWith(relay, account, { device: testDevice(2).id }),
    await authenticateWith(relay, account, { account: other.id }),
  ]

  const codes = await Promise.all(doors.map((door) => door.closed))
  t.same(codes, Array(6).fill(CLOSE.unauthenticated))
})

t.test('an answer to one challenge does not answer the next', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  const first = await TestDoor.open(relay.url, 'identified')
  const { nonce, timeMs } = await first.next('hello')
  const answer = account.authenticate({ nonce, timeMs: Number(timeMs), host: first.host })
  first.send({ case: 'authenticate', value: answer })
  await first.next('ready')

  const second = await TestDoor.open(relay.url, 'identified')
  second.send({ case: 'authenticate', value: answer })

  t.equal((await second.next('error')).code, ErrorCode.UNAUTHENTICATED)
})

t.test('a device unknown here and a wrong signature get the same answer', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)

  const unknown = await TestDoor.open(relay.url, 'identified')
  await unknown.authenticate(new TestAccount(relay.rootKey))
  const wrong = await authenticateWith(relay, account, { nonce: random(32) })

  t.same(await unknown.next('error'), await wrong.next('error'))
})

t.test('with public hosts given, a challenge is good for these only', async (t) => {
  const relay = await testRelay(t, { publicHosts: ['Relay.Example'] })
  const account = await registeredAccount(relay)

  const dialled = await authenticateWith(relay, account, {})
  const named = await authenticateWith(relay, account, { host: 'relay.example' })

  t.equal(await dialled.closed, CLOSE.unauthenticated)
  t.ok(await named.next('ready'))
})

t.test('a wire version that the relay does not speak is refused', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  const door = await TestDoor.open(relay.url, 'identified')
  const { nonce, timeMs } = await door.next('hello')
  const answer = account.authenticate({ nonce, timeMs: Number(timeMs), host: door.host })

  door.send({ case: 'authenticate', value: { ...answer, version: 99 } })

  t.equal((await door.next('error')).code, ErrorCode.VERSION)
})

t.test('nothing is served before the device has proved itself', async (t) => {
  const relay = await testRelay(t)
  const door = await TestDoor.open(relay.url, 'identified')

  door.send({ case: 'request', value: { id: 1, method: { case: 'drawCertificate', value: {} } } })

  t.equal((await door.next('error')).code, ErrorCode.UNAUTHENTICATED)
  t.equal(await door.closed, CLOSE.unauthenticated)
})

t.test('who does not answer the challenge in five seconds may come again', async (t) => {
  const relay = await testRelay(t)
  const door = await TestDoor.open(relay.url, 'identified')

  t.equal(await door.closed, CLOSE.handshakeTimeout)
  t.equal((await door.next('error')).code, ErrorCode.UNAVAILABLE)
})

t.test('who has answered in time gets in, however late the relay is', async (t) => {
  const relay = await testRelay(t, { limits: { handshakeMs: 100 } })
  const account = await registeredAccount(relay)
  const door = await TestDoor.open(relay.url, 'identified')

  await door.authenticate(account)
  holdUpEventLoop(200) // The time is over before the relay looks what has come.

  t.equal((await door.next('ready')).epoch, 1n)
})

t.test('a second socket of the same device replaces the first', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  const first = await TestDoor.login(relay.url, account)

  const second = await TestDoor.login(relay.url, account)

  t.equal((await first.next('error')).code, ErrorCode.REPLACED)
  t.equal(await first.closed, CLOSE.replaced)
  const sender = await TestDoor.open(relay.url, 'anonymous')
  await sender.expect(submission(account, [account.envelope()]), 'submitted')
  t.equal((await second.next('deliver')).seq, 1n)
})

t.test('a method of the other door is invalid here', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  const door = await TestDoor.login(relay.url, account)

  const submitted = await door.expect(submission(account, [account.envelope()]), 'error')
  const lookedUp = await door.expect(
    { case: 'lookupUsername', value: { hash: random(32) } },
    'error',
  )

  t.equal(submitted.code, ErrorCode.INVALID)
  t.equal(lookedUp.code, ErrorCode.INVALID)
})

t.test('a ping is answered with the relay’s time', async (t) => {
  const relay = await testRelay(t)
  const door = await TestDoor.login(relay.url, await registeredAccount(relay))

  door.send({ case: 'ping', value: { id: 9 } })

  const pong = await door.next('pong')
  t.equal(pong.id, 9)
  t.ok(Math.abs(Number(pong.timeMs) - Date.now()) < 10_000)
})

t.test('a device whose own stock runs low hears of it while it is connected', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay, { oneTime: 1 })
  const door = await TestDoor.login(relay.url, account)
  const taker = await TestDoor.open(relay.url, 'anonymous')
  const fetch = {
    case: 'fetchBundle',
    value: {
      account: account.idBytes,
      leave: { kind: { case: 'accessKey', value: account.accessKey } },
    },
  } as const

  await taker.expect(fetch, 'bundle')
  await taker.expect(fetch, 'bundle')

  t.match(await door.next('prekeys'), { oneTimeKyber: 0, lastResortUsed: true })
})

t.test('no frame that is compressed, truncated or too large is read', async (t) => {
  const { log, events } = recordingLog()
  const relay = await testRelay(t, { log })
  const bob = await registeredAccount(relay)
  const send = async (...raw: readonly Buffer[]) => {
    const door = await TestDoor.login(relay.url, bob)
    for (const bytes of raw) rawSocketOf(door).write(bytes)
    return door.closed
  }

  const compressed = await send(maskedFrame(0xc2, Buffer.from('x'))) // FIN, RSV1, binary
  const tooLarge = await send(maskedHead(0x82, FRAME_BYTES_MAX + 1))
  const truncated = await send(maskedFrame(0x82, Buffer.from([0x12, 0x7f, 0x01])))
  const text = await send(maskedFrame(0x81, Buffer.from('text')))
  await relay.close()

  t.same([compressed, tooLarge, truncated, text], [1002, 1009, CLOSE.invalid, CLOSE.invalid])
  t.match(
    events.find(({ event }) => event === 'clients.refused'),
    { fields: { frames: 4 } },
  )
})

/** RFC 6455, section 5.2, with a mask of zeros. */
function maskedHead(first: number, length: number): Buffer {
  const head = Buffer.alloc(14)
  head[0] = first
  head[1] = 0xff
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}

function maskedFrame(first: number, payload: Buffer): Buffer {
  const head = Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0])
  return Buffer.concat([head, payload])
}
