import {
  decode,
  encode,
  equalBytes,
  isBucket,
  ownBytes,
  utf8,
  wire,
  type Bytes,
} from '@sotto/protocol'
import {
  MemoryDisk,
  OpenRelay,
  SILENT_LOG,
  type Backup,
  type ClientSocket,
  type DoorName,
} from '@sotto/relay'
import {
  originOf,
  parseClientFrame,
  parseConfig,
  parseFast,
  parseProxy,
  parseReflective,
  plainAddress,
} from '@sotto/relay/parsers'
import { asFields, partsOf } from '../fields.js'
import { must, refusedAs, textOf, type Target } from '../target.js'
import { canBeDialled, jsonOf, same } from './protocol.js'
import { registered, relayKeys, type Registered } from './relay-account.js'

const MALFORMED = ['wire/malformed'] as const

const raw = (length: number): Bytes => Uint8Array.from({ length }, (_, index) => index & 0xff)
const ENVELOPE = { device: 1, registrationId: 77, idempotencyKey: raw(16), body: raw(1024) }
const LEAVE = { kind: { case: 'accessKey', value: raw(16) } } as const
/** As long as a permit, and as a request for the 40 of a day. */
const PERMIT = { kind: { case: 'permit', value: raw(65) } } as const
const PERMIT_REQUEST = raw(1_289)
const STRANGER = { kind: { case: 'stranger', value: {} } } as const

type Method = NonNullable<Parameters<typeof encode<typeof wire.RequestSchema>>[1]['method']>
type Kind = NonNullable<Parameters<typeof encode<typeof wire.ClientFrameSchema>>[1]['kind']>

function frameOf(kind: Kind): Bytes {
  return encode(wire.ClientFrameSchema, { kind })
}

function requestOf(method: Method): Bytes {
  return frameOf({ case: 'request', value: { id: 7, method } })
}

/** A frame of each kind that a client sends. */
function clientFrames(
  of: Pick<Registered, 'account' | 'route' | 'stock' | 'manifest'>,
): readonly Bytes[] {
  const { account, route, stock, manifest } = of
  return [
    frameOf({ case: 'ping', value: { id: 3 } }),
    frameOf({ case: 'acknowledge', value: { epoch: 1n, seq: 1n } }),
    frameOf({
      case: 'authenticate',
      value: { version: 1, account, device: 1, signature: raw(64) },
    }),
    requestOf({ case: 'submit', value: { route, leave: LEAVE, envelopes: [ENVELOPE] } }),
    requestOf({
      case: 'submit',
      value: { route, leave: STRANGER, envelopes: [ENVELOPE, ENVELOPE] },
    }),
    requestOf({ case: 'submitOwn', value: { envelopes: [ENVELOPE] } }),
    requestOf({ case: 'lookupUsername', value: { hash: raw(32), leave: STRANGER } }),
    requestOf({ case: 'lookupUsername', value: { hash: raw(32), leave: PERMIT } }),
    requestOf({ case: 'checkUsername', value: { hash: raw(32) } }),
    requestOf({ case: 'fetchBundle', value: { account, leave: PERMIT } }),
    requestOf({ case: 'drawPermits', value: { request: PERMIT_REQUEST } }),
    requestOf({ case: 'fetchBundle', value: { account, leave: LEAVE, devices: [1] } }),
    requestOf({ case: 'fetchBundle', value: { account, leave: STRANGER } }),
    requestOf({ case: 'publishPrekeys', value: stock }),
    requestOf({ case: 'drawCertificate', value: {} }),
    requestOf({ case: 'publishManifest', value: { manifest } }),
    requestOf({ case: 'setUsername', value: { hash: raw(32), proof: raw(128) } }),
    requestOf({ case: 'setAccessKey', value: { current: raw(16), previous: raw(16) } }),
  ]
}

const keys = relayKeys()
const somebody = registered(keys.rootKey)
const FRAMES = clientFrames(somebody)

export const relayTargets: readonly Target[] = [
  {
    name: 'client-frame',
    isProtobuf: true,
    bytesMax: 4_096,
    seeds: FRAMES,
    run(input) {
      const fast = parseFast(input)
      const slow = refusedAs(MALFORMED, () => parseReflective(input))
      must('both ways to read a frame read the same', fast === undefined || same(fast, slow))
      refusedAs(MALFORMED, () => parseClientFrame(input))
    },
  },
  { ...doorTarget('anonymous'), name: 'anonymous-door' },
  { ...doorTarget('identified'), name: 'identified-door' },
  {
    name: 'registration',
    isProtobuf: true,
    bytesMax: 8_192,
    seeds: [somebody.registration],
    async run(input) {
      disk.restore(empty)
      const relay = await openRelay()
      const answer = await relay.postAccount({ kind: 'operator' }, input)
      must('a registration is answered', [200, 400, 403, 409, 413, 429].includes(answer.status))
      await relay.close()
    },
  },
  {
    name: 'relay-flags',
    seeds: [
      { listen: '127.0.0.1:8470', limit: ['mailboxEnvelopes=5'], trustedProxy: ['10.0.0.1'] },
      { listen: '[::1]:0', registration: 'open', publicHost: ['relay.example:443', '[::1]'] },
    ].map((flags) => utf8(JSON.stringify(flags))),
    tokens: ['"listen":"', '"limit":["', '"trustedProxy":["', '"publicHost":["', 'connections='],
    run(input) {
      const given = jsonOf(textOf(input))
      if (typeof given !== 'object' || given === null) return
      const flags = given as Readonly<Record<string, unknown>>
      const config = refusedAs(['config/invalid'], () =>
        parseConfig({ flags, environment: { HOME: '/home/somebody' } }),
      )
      if (config === undefined) return
      const { port } = config.listen
      must('a port is one', Number.isInteger(port) && port >= 0 && port <= 65_535)
      for (const value of textsIn(flags['limit']))
        must('a limit is a name and a number', /^\w+=\d+$/.test(value))
      for (const host of config.publicHosts)
        must('a public host can be dialled', canBeDialled(`https://${host}`))
      for (const proxy of config.trustedProxies)
        must('a proxy has one form', parseProxy(proxy) === proxy)
    },
  },
  {
    name: 'relay-config-file',
    seeds: [
      'listen = "127.0.0.1:8470"\ntrusted-proxy = ["10.0.0.0/8", "::1"]\n[limits]\nretentionDays = 3\n',
      'data = "relay"\npublic-host = "relay.example"\nregistration = "open"\n',
    ].map(utf8),
    tokens: ['listen = "', '[limits]', 'public-host = ["', 'trusted-proxy = "', '/24', ' = 5\n'],
    run(input) {
      const file = { path: '/etc/sotto-relay.toml', text: textOf(input) }
      const environment = { HOME: '/home/somebody' }
      const config = refusedAs(['config/invalid'], () =>
        parseConfig({ flags: {}, environment, file }),
      )
      if (config === undefined) return
      for (const count of Object.values(config.limits))
        must('a limit is whole', Number.isInteger(count))
      must('data lies somewhere', config.dataFolder.startsWith('/'))
    },
  },
  {
    name: 'forwarded',
    seeds: ['203.0.113.9, 10.0.0.1', '2001:db8::1', '::ffff:1.2.3.4,fe80::1%eth0', 'unknown'].map(
      utf8,
    ),
    tokens: [', ', '::', '::ffff:', '2001:DB8:0:0', '%', '127.0.0.1', '10.0.0.1', ':0:', '1.2.3.4'],
    run(input) {
      const header = textOf(input)
      const origin = originOf(requestFrom('10.0.0.1', header), new Set(['10.0.0.1']))
      must('whoever comes through a proxy is a stranger', origin.kind === 'network')
      must('an address stays short', origin.address.length <= 45)
      const direct = originOf(requestFrom('127.0.0.1', header), new Set())
      must('nobody becomes the operator by a header', direct.kind === 'network')
      must('an address has one form', isPlain(plainAddress(header)))
    },
  },
]

function isPlain(address: string): boolean {
  return address === '' || plainAddress(address) === address
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string')
    : []
}

function requestFrom(remoteAddress: string, forwardedFor: string) {
  return { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwardedFor } }
}

/** Frames to one door of a relay with an account on it; at the identified one, of that account. */
function doorTarget(door: DoorName): Omit<Target, 'name'> {
  return {
    isProtobuf: true,
    bytesMax: 8_192,
    seeds: [
      ...FRAMES.map((frame) => asFields([frame])),
      asFields([FRAMES[3] ?? raw(0), FRAMES[3] ?? raw(0), FRAMES[1] ?? raw(0)]),
    ],
    async run(input) {
      const broken: string[] = []
      disk.restore(await withAccount())
      const relay = await openRelay((event) => broken.push(event))
      const socket = new FakeSocket()
      const origin = { kind: 'network', address: '203.0.113.9' } as const
      relay.doors.open(socket, { door, origin, hosts: ['relay.example'] })
      if (door === 'identified') socket.say(somebody.authenticate(socket.frames[0] ?? raw(0)))
      await turns()
      for (const frame of partsOf(input)) socket.say(frame)
      await turns()
      await relay.close()
      for (const frame of socket.frames) checkAnswer(frame)
      must(`nothing breaks: ${broken.join(' ')}`, broken.length === 0)
    },
  }
}

function checkAnswer(frame: Bytes): void {
  const { kind } = decode(wire.RelayFrameSchema, frame)
  if (kind.case === 'deliver')
    must('what is delivered fills a bucket', isBucket(kind.value.body.length))
  const again = encode(wire.RelayFrameSchema, { kind })
  must('a relay writes frames in one way', equalBytes(again, frame))
}

/** Every input finds the same on the disk. */
const disk = new MemoryDisk()
const empty = disk.backUp()
let prepared: Promise<Backup> | undefined

function withAccount(): Promise<Backup> {
  prepared ??= (async () => {
    const relay = await openRelay()
    const answer = await relay.postAccount({ kind: 'operator' }, somebody.registration)
    must('the account is registered', answer.status === 200)
    await relay.close()
    return disk.backUp()
  })()
  return prepared
}

async function openRelay(broke: (event: string) => void = () => undefined): Promise<OpenRelay> {
  return OpenRelay.open({
    store: disk.openStore(),
    keys,
    clock: { nowMs: () => 1_800_000_000_000, after: () => () => undefined },
    random: raw,
    log: { ...SILENT_LOG, error: broke },
  })
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
}

class FakeSocket implements ClientSocket {
  readonly bufferedBytes = 0
  readonly frames: Bytes[] = []
  #message: (frame: Uint8Array | undefined) => void = () => undefined
  #close: () => void = () => undefined

  say(frame: Uint8Array): void {
    this.#message(frame)
  }

  send(frame: Bytes): void {
    this.frames.push(ownBytes(frame))
  }

  onMessage(listener: (frame: Uint8Array | undefined) => void): void {
    this.#message = listener
  }

  onClose(listener: () => void): void {
    this.#close = listener
  }

  close(): void {
    this.#close()
  }

  terminate(): void {
    this.#close()
  }

  onPong(): void {
    // It is never asked whether it lives.
  }

  onDrain(): void {
    // Nothing is ever buffered.
  }

  pause(): void {
    // It has nothing more to say.
  }

  resume(): void {
    // Nor afterwards.
  }

  ping(): void {
    // Nor does it answer.
  }
}
