import { encode, ownBytes, wire, type Bytes } from '@sotto/protocol'
import type { Backup, ClientSocket } from '@sotto/relay'
import type { Site } from './network.js'
import type { Scheduler } from './scheduler.js'

/** What a stranger with a tool of their own was answered. */
export interface Refusal {
  /** The same question: only leave and account differ between refusals of one. */
  readonly question: 'bundle' | 'submission'
  /** Which account was asked for, and with what leave. */
  readonly about: string
  /** Every frame that came back after the greeting. */
  readonly answer: Bytes
}

type Row = Readonly<Record<string, unknown>>
type Question = NonNullable<Parameters<typeof encode<typeof wire.RequestSchema>>[1]['method']>
type LeaveInit = Parameters<typeof encode<typeof wire.LeaveSchema>>[1]

const NOBODY = new Uint8Array(16).fill(7)
const WRONG_KEY = new Uint8Array(16).fill(9)

/**
 * Asks the anonymous door, as somebody who knows no secret but routes and ids does, for whatever it
 * must refuse: of every account there is and of one there is not, with a key that is wrong, with one
 * that is too short, with none at all, and of nobody with a stranger’s leave.
 */
export async function probe(
  site: Site,
  world: { readonly rows: Backup; readonly scheduler: Scheduler },
): Promise<readonly Refusal[]> {
  const accounts = world.rows.get('account') ?? []
  const known = accounts.flatMap((row) => [
    ask('with a wrong key', accessKey(WRONG_KEY), row),
    ask('with half a key', accessKey(WRONG_KEY.subarray(8)), row),
    ask('without leave', undefined, row),
  ])
  const unknown = [
    ask('with a wrong key', accessKey(WRONG_KEY), undefined),
    ask('without leave', undefined, undefined),
    ask('as a stranger', { kind: { case: 'stranger', value: {} } }, undefined),
  ]
  const refusals: Refusal[] = []
  for (const { question, about, method } of [...known, ...unknown].flat()) {
    const visitor = new Visitor()
    if (!site.open('anonymous', visitor)) continue
    await world.scheduler.rest()
    visitor.say(method)
    await world.scheduler.rest()
    refusals.push({ question, about, answer: visitor.leave() })
  }
  return refusals
}

function ask(how: string, leave: LeaveInit | undefined, row: Row | undefined) {
  const given = leave === undefined ? {} : { leave }
  const about = `${row === undefined ? 'nobody' : 'an account'} ${how}`
  const bundle: Question = {
    case: 'fetchBundle',
    value: { account: bytesOf(row?.['account']), ...given },
  }
  const submission: Question = {
    case: 'submit',
    value: { route: bytesOf(row?.['route']), ...given, envelopes: [ENVELOPE] },
  }
  return [
    { question: 'bundle', about, method: bundle },
    { question: 'submission', about, method: submission },
  ] as const
}

const ENVELOPE = {
  device: 1,
  registrationId: 1,
  idempotencyKey: NOBODY,
  body: new Uint8Array(1024),
}

function accessKey(value: Uint8Array): LeaveInit {
  return { kind: { case: 'accessKey', value } }
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : NOBODY
}

/** One connection that asks one thing. */
class Visitor implements ClientSocket {
  readonly bufferedBytes = 0
  #frames: Uint8Array[] = []
  #listener: (frame: Uint8Array | undefined) => void = () => undefined
  #closed: () => void = () => undefined

  /** What came before it, the greeting, is forgotten. */
  say(method: Question): void {
    this.#frames = []
    const request = { kind: { case: 'request' as const, value: { id: 1, method } } }
    this.#listener(encode(wire.ClientFrameSchema, request))
  }

  /** Everything that was answered. */
  leave(): Bytes {
    this.#closed()
    return ownBytes(Buffer.concat(this.#frames))
  }

  send(frame: Bytes): void {
    this.#frames.push(frame)
  }

  onMessage(listener: (frame: Uint8Array | undefined) => void): void {
    this.#listener = listener
  }

  onClose(listener: () => void): void {
    this.#closed = listener
  }

  onPong(): void {
    // It is not here for long enough to be asked whether it still is.
  }

  onDrain(): void {
    // Nothing waits here: frames arrive at once.
  }

  pause(): void {
    // One question is no flood.
  }

  resume(): void {
    // It was never paused.
  }

  ping(): void {
    // It is not here for long enough to be asked whether it still is.
  }

  close(): void {
    this.#closed()
  }

  terminate(): void {
    this.#closed()
  }
}
