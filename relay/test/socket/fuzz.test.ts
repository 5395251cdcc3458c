import fc from 'fast-check'
import t from 'tap'
import { encode, wire } from '@sotto/protocol'
import { random, registeredAccount } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testRelay } from '../harness/test-relay.js'

const RUNS = 150
const noise = fc.uint8Array({ minLength: 0, maxLength: 400 })

/** Parses as a frame with a request, whatever the request then says. */
const halfNoise = fc
  .tuple(fc.constantFrom(10, 11, 12, 20, 21, 22, 23, 24, 25), noise)
  .map(([field, bytes]) => {
    const tag = field * 8 + 2
    const varint = (value: number) =>
      value < 128 ? [value] : [(value % 128) | 128, Math.floor(value / 128)]
    const request = [8, 1, ...varint(tag), ...varint(bytes.length), ...bytes]
    return Uint8Array.from([18, ...varint(request.length), ...request])
  })

/** Sends one frame and answers the kinds of frame that came back before the door closed or ponged. */
async function kindsAfter(door: TestDoor, frame: Uint8Array): Promise<Set<string | undefined>> {
  door.socket.send(frame)
  door.socket.send(encode(wire.ClientFrameSchema, { kind: { case: 'ping', value: { id: 1 } } }))
  await Promise.race([door.closed, door.next('pong').catch(() => undefined)])
  door.socket.terminate()
  const kinds = door.frames.map((each) =>
    each.case === 'result' ? each.value.kind.case : each.case,
  )
  return new Set(kinds)
}

t.test('noise at the anonymous door gets nothing but errors and harms nobody', async (t) => {
  const relay = await testRelay(t)
  await fc.assert(
    fc.asyncProperty(fc.oneof(noise, halfNoise), async (frame) => {
      const door = await TestDoor.open(relay.url, 'anonymous')
      const kinds = await kindsAfter(door, frame)
      t.same(
        [...kinds].filter((kind) => !['hello', 'error'].includes(String(kind))),
        [],
      )
    }),
    { numRuns: RUNS },
  )
  t.equal((await fetch(`${relay.url}/healthz`)).status, 200)
})

t.test('noise at the identified door gets nothing but errors before authenticating', async (t) => {
  const relay = await testRelay(t)
  await fc.assert(
    fc.asyncProperty(fc.oneof(noise, halfNoise), async (frame) => {
      const door = await TestDoor.open(relay.url, 'identified')
      const kinds = await kindsAfter(door, frame)
      t.same(
        [...kinds].filter((kind) => !['hello', 'error'].includes(String(kind))),
        [],
      )
    }),
    { numRuns: RUNS },
  )
  t.equal((await fetch(`${relay.url}/healthz`)).status, 200)
})

t.test('noise from a device that has authenticated breaks nothing', async (t) => {
  const relay = await testRelay(t)
  const account = await registeredAccount(relay)
  await fc.assert(
    fc.asyncProperty(fc.oneof(noise, halfNoise), async (frame) => {
      const door = await TestDoor.login(relay.url, account)
      await kindsAfter(door, frame)
    }),
    { numRuns: RUNS },
  )
  const door = await TestDoor.login(relay.url, account)
  t.ok(await door.expect({ case: 'drawCertificate', value: {} }, 'certificate'))
})

t.test('a frame over the limit closes the socket and harms nobody', async (t) => {
  const relay = await testRelay(t)
  const door = await TestDoor.open(relay.url, 'anonymous')

  door.socket.send(random(1024 * 1024 + 1))

  t.equal(await door.closed, 1009)
  t.equal((await fetch(`${relay.url}/healthz`)).status, 200)
})

t.test('a text frame is no frame of ours', async (t) => {
  const relay = await testRelay(t)
  const door = await TestDoor.open(relay.url, 'anonymous')

  door.socket.send('hello')

  t.equal((await door.next('error')).code, wire.ErrorCode.INVALID)
})
