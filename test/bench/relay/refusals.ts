import { performance } from 'node:perf_hooks'
import WebSocket from 'ws'
import { decode, wire } from '@sotto/protocol'
import type { Scope } from '../../harness/index.js'
import type { Figure } from '../figure.js'
import { difference, median } from '../statistics.js'
import {
  INVITES,
  KEYS,
  openScene,
  PERMITS,
  refusedFrame,
  REQUESTS,
  type Kind,
  type Request,
} from './refusal-scene.js'

/** Of each kind, of each request. */
const ASKED = 3_000
/** What asks before the count begins: the first find code that has never run. */
const WARM_UP = 300

/** What is compared: nobody may tell the one from the other by how long it takes. */
interface Pair {
  readonly name: string
  readonly one: Kind
  readonly other: Kind
  readonly otherName: string
}

const OF_KEYS: readonly Pair[] = [
  { name: 'unknown', one: 'unknown', other: 'wrongKey', otherName: 'wrong key' },
  { name: 'blocked', one: 'blocked', other: 'wrongKey', otherName: 'wrong key' },
]
const OF_PERMITS: readonly Pair[] = [
  { name: 'forged', one: 'forgedUnknown', other: 'forged', otherName: 'of an account' },
  { name: 'spent', one: 'spentUnknown', other: 'spent', otherName: 'of an account' },
]
const OF_INVITES: readonly Pair[] = [
  { name: 'invite.unknown', one: 'noInviteUnknown', other: 'noInvite', otherName: 'wrong key' },
  { name: 'invite.ended', one: 'ended', other: 'noInvite', otherName: 'wrong key' },
  { name: 'invite.revoked', one: 'takenBack', other: 'noInvite', otherName: 'wrong key' },
]

/**
 * How long it takes to be refused, for reasons that nobody must tell apart (docs/PROTOCOL.md,
 * "Refusals"): with an access key, with a permit that is none or was spent, and with an
 * invite that is none, has ended or was taken back. The order of the kinds
 * changes each time by chance, so that what the machine does meanwhile falls on all alike. The distance
 * of a kind to itself, odd against even, is the floor.
 */
export function measureRefusals(note: (line: string) => void) {
  return async (scope: Scope): Promise<readonly Figure[]> => {
    const scene = await openScene(scope)
    const socket = new WebSocket(`${scene.url}/v1/anonymous`)
    await nextMessage(socket) // Its Hello.
    const figures: Figure[] = []
    for (const request of REQUESTS) {
      for (const { kinds, pairs } of [
        { kinds: KEYS, pairs: OF_KEYS },
        { kinds: PERMITS, pairs: OF_PERMITS },
        { kinds: INVITES, pairs: OF_INVITES },
      ]) {
        note(`${String(ASKED * kinds.length)} refusals of ${request}`)
        const tookMs = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]))
        for (let turn = -WARM_UP; turn < ASKED; turn++) {
          for (const kind of shuffled<Kind>(kinds)) {
            const ms = await refuse(socket, refusedFrame(scene, request, kind))
            if (turn >= 0) tookMs.get(kind)?.push(ms)
          }
        }
        figures.push(...pairs.flatMap((pair) => compared(request, pair, tookMs)))
      }
    }
    socket.close()
    return figures
  }
}

function compared(
  request: Request,
  pair: Pair,
  tookMs: ReadonlyMap<Kind, readonly number[]>,
): readonly Figure[] {
  const [one = [], other = []] = [tookMs.get(pair.one), tookMs.get(pair.other)]
  const half = (rest: number) => other.filter((_, index) => index % 2 === rest)
  const itself = difference(half(0), half(1)).distance
  const { distance, p } = difference(one, other)
  const bench = `relay.refusal.${request}.${pair.name}`
  return [
    {
      bench,
      value: median(one),
      unit: 'ms',
      floor: { name: pair.otherName, value: median(other) },
      goal: { atMost: 1.02 },
    },
    {
      bench: `${bench}.distance`,
      value: distance,
      unit: 'D',
      floor: { name: `${pair.otherName}, from itself`, value: itself },
      goal: { valueAtMost: DISTANCE_MAX },
    },
    { bench: `${bench}.p`, value: p, unit: '' },
  ]
}

/** Two samples of one thing, of this size, are further apart in one of a thousand runs. */
const DISTANCE_MAX = 0.05

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
