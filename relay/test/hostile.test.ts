import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { FRAME_BYTES_MAX, wire } from '@sotto/protocol'
import { CLOSE } from '../src/socket/close-codes.js'
import { startRelayProcess, type RelayProcess } from './harness/relay-process.js'
import {
  keyLeave,
  postRegistration,
  random,
  registeredAccount,
  submission,
  TestAccount,
  testDevice,
} from './harness/test-account.js'
import { rawSocketOf, TestDoor } from './harness/test-door.js'
import { testFolder } from './harness/test-relay.js'

const { ErrorCode } = wire

/** How many connections the system lets a program leave waiting. */
function acceptQueueMax(): number {
  const path = '/proc/sys/net/core/somaxconn'
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
}

const PAUSE_MS = 10
/** More than the 511 that Node leaves waiting unless told otherwise. */
const COMERS = 1_000
/** What the last message begins with. */
const LAST = 1
const DAY_MS = 86_400_000

/** Two who talk while others misbehave: what was accepted, and what came, by the bytes. */
class HonestPair {
  readonly accepted: string[] = []
  readonly came: string[] = []
  #talking = true
  readonly #done: Promise<unknown>

  private constructor(bob: TestAccount, receiver: TestDoor, sender: TestDoor) {
    this.#done = Promise.all([this.#send(bob, sender), this.#receive(receiver)])
  }

  static async begin(relay: RelayProcess): Promise<HonestPair> {
    const bob = await registeredAccount(relay)
    const receiver = await TestDoor.login(relay.url, bob)
    return new HonestPair(bob, receiver, await TestDoor.open(relay.url, 'anonymous'))
  }

  /** Stops talking, when everything has come that was accepted. */
  async end(): Promise<void> {
    this.#talking = false
    await this.#done
  }

  async #send(bob: TestAccount, sender: TestDoor): Promise<void> {
    for (let isLast = false; !isLast;) {
      isLast = !this.#talking
      const body = random(1024)
      body[0] = isLast ? LAST : 0
      await sender.expect(submission(bob, [bob.envelope({ body })], keyLeave(bob)), 'submitted')
      this.accepted.push(Buffer.from(body).toString('base64'))
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }

  async #receive(receiver: TestDoor): Promise<void> {
    for (let isLast = false; !isLast;) {
      const { body, seq } = await receiver.next('deliver')
      isLast = body[0] === LAST
      this.came.push(Buffer.from(body).toString('base64'))
      receiver.acknowledge(seq)
    }
  }
}

/** A relay in a process of its own, on which two talk while `attack` goes on. */
async function whileOthersTalk(
  t: Test,
  args: readonly string[],
  attack: (relay: RelayProcess) => Promise<void>,
): Promise<void> {
  const relay = await startRelayProcess(t, { folder: testFolder(t), args })
  const pair = await HonestPair.begin(relay)
  await attack(relay)
  await pair.end()
  const code = await relay.terminate()

  t.ok(pair.accepted.length > 0, `${pair.accepted.length} messages`)
  t.same(pair.came, pair.accepted, 'each came once, in order')
  t.equal(code, 0, 'and the relay ends as it should')
}

/** RFC 6455, section 5.2, with a mask of zeros. */
function maskedFrame(first: number, payload: Buffer, length = payload.length): Buffer {
  const head = Buffer.alloc(14)
  head[0] = first
  head[1] = 0xff
  head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, payload])
}

t.test('frames that are none close their socket with a code, and nobody else’s', async (t) => {
  await whileOthersTalk(t, [], async (relay) => {
    const send = async (...raw: readonly Buffer[]): Promise<number> => {
      const door = await TestDoor.open(relay.url, 'anonymous')
      for (const bytes of raw) rawSocketOf(door).write(bytes)
      return door.closed
    }
    const compressed = Buffer.from('x')
    for (let round = 0; round < 10; round++) {
      t.same(
        await Promise.all([
          send(maskedFrame(0xc2, compressed)),
          send(maskedFrame(0x82, Buffer.alloc(0), FRAME_BYTES_MAX + 1)),
          send(maskedFrame(0x82, Buffer.from([0x12, 0x7f, 0x01]))),
          send(maskedFrame(0x82, Buffer.from(random(200)))),
        ]),
        [1002, 1009, CLOSE.invalid, CLOSE.invalid],
      )
    }
  })
})

t.test('a flood of heads, and frames that never end, cost only who sends them', async (t) => {
  const args = ['--limit', 'handshakeMs=1000']
  await whileOthersTalk(t, args, async (relay) => {
    const head = async (bytes: string): Promise<string> => {
      const socket = connect(Number(new URL(relay.url).port), '127.0.0.1')
      const chunks: Buffer[] = []
      socket.on('data', (chunk: Buffer) => chunks.push(chunk))
      socket.on('error', () => undefined) // A reset after the answer is as good as an end.
      socket.write(bytes)
      await once(socket, 'close')
      return Buffer.concat(chunks).toString().slice(9, 12)
    }
    const slow = async (): Promise<number> => {
      const door = await TestDoor.open(relay.url, 'identified')
      rawSocketOf(door).write(maskedFrame(0x82, Buffer.from([0x0a]), 1_000))
      return door.closed
    }
    const many = 'a: b\r\n'.repeat(5_000)
    const heads = await Promise.all([
      ...Array.from({ length: 50 }, () => head('GET /healthz HTTP/1.1\r\nX-Slow: ')),
      ...Array.from({ length: 50 }, () => head(`GET / HTTP/1.1\r\nHost: x\r\n${many}\r\n`)),
    ])
    const slows = await Promise.all(Array.from({ length: 50 }, slow))

    t.same([...new Set(heads)].sort(), ['408', '431'])
    t.same([...new Set(slows)], [CLOSE.handshakeTimeout])
  })
})

/** The system may keep the queue shorter for everybody. */
const noQueue = { skip: acceptQueueMax() < COMERS }
t.test('a relay that does not come to accept has room for all who come', noQueue, async (t) => {
  const relay = await startRelayProcess(t, { folder: testFolder(t) })
  relay.child.kill('SIGSTOP')
  const port = Number(new URL(relay.url).port)
  const sockets = Array.from({ length: COMERS }, () => connect(port, '127.0.0.1'))
  t.teardown(() => sockets.forEach((socket) => socket.destroy()))
  t.teardown(() => relay.child.kill('SIGCONT'))

  // Whoever finds no room is dropped without a word, and would not be connected while it stands.
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  t.pass()
})

t.test(
  'of ten prekeys a thousand takers get ten, each once, and the others the last resort',
  async (t) => {
    await whileOthersTalk(t, [], async (relay) => {
      const carol = await registeredAccount(relay, { oneTime: 10 })
      const doors = await Promise.all(
        Array.from({ length: 20 }, () => TestDoor.open(relay.url, 'anonymous')),
      )
      const value = { account: carol.idBytes, leave: keyLeave(carol) }
      const taken = await Promise.all(
        Array.from({ length: 1_000 }, (_, index) =>
          doors[index % doors.length]!.expect({ case: 'fetchBundle', value }, 'bundle'),
        ),
      )

      const devices = taken.flatMap((bundle) => bundle.devices)
      const oneTime = devices.filter(({ lastResort }) => !lastResort).map(({ kyber }) => kyber?.id)
      const ids = Array.from({ length: 10 }, (_, index) => index + 1)
      t.equal(devices.length, 1_000, 'nobody is left without')
      t.same(
        [...oneTime].sort((a, b) => (a ?? 0) - (b ?? 0)),
        ids,
      )
    })
  },
)

t.test(
  'versions, challenges, manifests and proofs that are not right are each told so',
  async (t) => {
    await whileOthersTalk(t, [], async (relay) => {
      const carol = await registeredAccount(relay)
      const first = await TestDoor.open(relay.url, 'identified')
      const hello = await first.next('hello')
      const challenge = { nonce: hello.nonce, timeMs: Number(hello.timeMs), host: first.host }
      const answer = carol.authenticate(challenge)
      first.send({ case: 'authenticate', value: answer })
      await first.next('ready')
      const refusedWith = async (value: typeof answer): Promise<readonly unknown[]> => {
        const door = await TestDoor.open(relay.url, 'identified')
        await door.next('hello')
        door.send({ case: 'authenticate', value })
        const { code } = await door.next('error')
        return [code, await door.closed]
      }
      const replayed = await refusedWith(answer)
      const version = await refusedWith({ ...answer, version: 99 })
      const dayAhead = await refusedWith(
        carol.authenticate({ ...challenge, timeMs: challenge.timeMs + DAY_MS }),
      )
      const forged = carol.signManifest(2, [carol.device, testDevice(2)])
      const mallory = new TestAccount(relay.rootKey).signManifest(2, [testDevice()])
      const publish = (manifest: typeof forged) =>
        first.expect({ case: 'publishManifest', value: { manifest } }, 'error')
      const unsigned = await publish({ ...forged, signature: random(64) })
      const others = await publish(mallory)
      const proof = await first.expect(
        { case: 'setUsername', value: { hash: random(32), proof: random(128) } },
        'error',
      )
      const account = new TestAccount(relay.rootKey)
      const registration = account.registration()
      const registered = await postRegistration(relay.url, {
        ...registration,
        manifest: { ...registration.manifest, signature: random(64) },
      })

      t.same(replayed, [ErrorCode.UNAUTHENTICATED, CLOSE.unauthenticated])
      t.same(version, [ErrorCode.VERSION, CLOSE.invalid])
      t.same(dayAhead, [ErrorCode.UNAUTHENTICATED, CLOSE.unauthenticated])
      t.same([unsigned.code, others.code, proof.code], Array(3).fill(ErrorCode.INVALID))
      t.match(registered, { status: 400, error: { code: ErrorCode.INVALID } })
    })
  },
)
