import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import WebSocket from 'ws'
import { accountIdBytes, decode, encode, ownBytes, wire, type Bytes } from '@sotto/protocol'
import { startRelay, tempDir, type Scope } from '../../harness/index.js'
import type { Figure } from '../figure.js'
import { difference, median } from '../statistics.js'
import { authenticateFrame, registerBenchAccount, type BenchAccount } from './bench-account.js'
import { closedEarly } from './socket.js'
import { BODY_BYTES } from './subject.js'

/** Of each kind, of each request. */
const ASKED = 3_000
/** What asks before the count begins: the first find code that has never run. */
const WARM_UP = 300

/** Who may not write: nobody has that id; a key that never was; one that no longer is, as a blocked sender's. */
const KINDS = ['unknown', 'wrongKey', 'blocked'] as const
type Kind = (typeof KINDS)[number]
const REQUESTS = ['submit', 'bundle'] as const
type Request = (typeof REQUESTS)[number]

/**
 * How long it takes to be refused, for three reasons that nobody must tell apart (docs/PROTOCOL.md,
 * "Refusals"). The order of the three changes each time by chance, so that what the machine does
 * meanwhile falls on all alike. The distance of a kind to itself, odd against even, is the floor.
 */
export function measureRefusals(note: (line: string) => void) {
  return async (scope: Scope): Promise<readonly Figure[]> => {
    const { url, account, blockedKey } = await acquainted(scope)
    const socket = new WebSocket(`${url}/v1/anonymous`)
    await nextMessage(socket) // Its Hello.
    const figures: Figure[] = []
    for (const request of REQUESTS) {
      note(`${String(ASKED * KINDS.length)} refusals of ${request}`)
      const tookMs: Record<Kind, number[]> = { unknown: [], wrongKey: [], blocked: [] }
      for (let turn = -WARM_UP; turn < ASKED; turn++) {
        for (const kind of shuffled(KINDS)) {
          const ms = await refuse(socket, frameOf({ request, kind, account, blockedKey }))
          if (turn >= 0) tookMs[kind].push(ms)
        }
      }
      figures.push(...compared(request, tookMs))
    }
    socket.close()
    return figures
  }
}

function compared(request: Request, tookMs: Readonly<Record<Kind, number[]>>): readonly Figure[] {
  const { wrongKey } = tookMs
  const half = (rest: number) => wrongKey.filter((_, index) => index % 2 === rest)
  const itself = difference(half(0), half(1)).distance
  return (['unknown', 'blocked'] as const).flatMap((kind): Figure[] => {
    const { distance, p } = difference(tookMs[kind], wrongKey)
    const bench = `relay.refusal.${request}.${kind}`
    return [
      {
        bench,
        value: median(tookMs[kind]),
        unit: 'ms',
        floor: { name: 'wrong key', value: median(wrongKey) },
        goal: { atMost: 1.02 },
      },
      {
        bench: `${bench}.distance`,
        value: distance,
        unit: 'D',
        floor: { name: 'wrong key, from itself', value: itself },
        goal: { valueAtMost: DISTANCE_MAX },
      },
      { bench: `${bench}.p`, value: p, unit: '' },
    ]
  })
}

/** Two samples of one thing, of this size, are further apart in one of a thousand runs. */
const DISTANCE_MAX = 0.05

interface Acquainted {
  /** `ws://…` */
  readonly url: string
  readonly account: BenchAccount
  /** Was a key of the account, two rotations ago. */
  readonly blockedKey: Bytes
}

async function acquainted(scope: Scope): Promise<Acquainted> {
  const relay = await startRelay(scope, { dir: tempDir(scope) })
  const response = await fetch(`${relay.url}/v1/parameters`)
  const parameters = new Uint8Array(await response.arrayBuffer())
  const rootKey = decode(wire.SignedParametersSchema, parameters).rootKey as Bytes
  const account = await registerBenchAccount({ url: relay.url, rootKey })
  const url = relay.url.replace('http', 'ws')
  await rotate(url, account)
  return { url, account, blockedKey: account.accessKey }
}

/** Gives the account two keys that nobody knows. */
async function rotate(url: string, account: BenchAccount): Promise<void> {
  const socket = new WebSocket(`${url}/v1/identified`)
  const value = { current: ownBytes(randomBytes(16)), previous: ownBytes(randomBytes(16)) }
  const method = { case: 'setAccessKey', value } as const
  const done = new Promise<void>((resolve, reject) => {
    socket.on('message', (bytes: Buffer) => {
      const { kind } = decode(wire.RelayFrameSchema, bytes)
      if (kind.case === 'hello')
        socket.send(authenticateFrame(account, new URL(url).host, kind.value))
      if (kind.case === 'ready')
        socket.send(
          encode(wire.ClientFrameSchema, { kind: { case: 'request', value: { id: 1, method } } }),
        )
      if (kind.case !== 'result') return
      if (kind.value.kind.case === 'done') resolve()
      else reject(new Error('the key of an account was not changed'))
    })
  })
  await Promise.race([done, closedEarly(socket)])
  socket.close()
}

function frameOf(asked: {
  readonly request: Request
  readonly kind: Kind
  readonly account: BenchAccount
  readonly blockedKey: Bytes
}): Uint8Array {
  const { request, kind, account, blockedKey } = asked
  // Made for every kind alike: what this end has just done shows in what it measures next.
  const known = accountIdBytes(account.id)
  const [wrongKey, noRoute, noAccount] = [
    ownBytes(randomBytes(16)),
    ownBytes(randomBytes(16)),
    nobody(),
  ]
  const accessKey = kind === 'blocked' ? blockedKey : wrongKey
  const leave = { kind: { case: 'accessKey', value: accessKey } } as const
  return encode(wire.ClientFrameSchema, {
    kind: {
      case: 'request',
      value: {
        id: 1,
        method:
          request === 'submit'
            ? {
                case: 'submit',
                value: {
                  route: kind === 'unknown' ? noRoute : account.route,
                  leave,
                  envelopes: [sealedEnvelope()],
                },
              }
            : {
                case: 'fetchBundle',
                value: {
                  account: kind === 'unknown' ? noAccount : known,
                  leave,
                },
              },
      },
    },
  })
}

/** Bytes that could be the id of an account (a UUID of version 8), and are that of none. */
function nobody(): Bytes {
  const id = ownBytes(randomBytes(16))
  id[6] = 0x80 | ((id[6] ?? 0) & 0x0f)
  id[8] = 0x80 | ((id[8] ?? 0) & 0x3f)
  return id
}

function sealedEnvelope() {
  return {
    device: 1,
    registrationId: 300,
    idempotencyKey: ownBytes(randomBytes(16)),
    body: ownBytes(randomBytes(BODY_BYTES)),
  }
}

async function refuse(socket: WebSocket, frame: Uint8Array): Promise<number> {
  const begunMs = performance.now()
  socket.send(frame)
  const answer = await nextMessage(socket)
  const tookMs = performance.now() - begunMs
  const { kind } = decode(wire.RelayFrameSchema, answer)
  if (kind.case !== 'result' || kind.value.kind.case !== 'error')
    throw new Error(`what should have been refused was answered with ${kind.case ?? 'nothing'}`)
  return tookMs
}

function nextMessage(socket: WebSocket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('the connection ended'))
    socket.once('close', fail)
    socket.once('message', (frame: Buffer) => {
      socket.off('close', fail)
      resolve(frame)
    })
  })
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
