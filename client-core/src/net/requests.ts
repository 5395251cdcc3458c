import {
  BusyError,
  ProtocolError,
  relayError,
  UnavailableError,
  type encode,
  type SottoError,
  type wire,
} from '@sotto/protocol'
import type { Clock } from '../ports.js'
import type { DoorSocket } from './door-socket.js'

type RequestInit = Parameters<typeof encode<typeof wire.RequestSchema>>[1]
/** One request, as `{ case, value }` of Request.method. */
export type RequestMethod = Extract<NonNullable<RequestInit['method']>, { readonly value: unknown }>
export type SealedEnvelopeInit = Parameters<typeof encode<typeof wire.SealedEnvelopeSchema>>[1]
export type PrekeyStockInit = Parameters<typeof encode<typeof wire.PrekeyStockSchema>>[1]
export type SignedManifestInit = Parameters<typeof encode<typeof wire.SignedManifestSchema>>[1]
export type PublishInvitesInit = Parameters<typeof encode<typeof wire.PublishInvitesSchema>>[1]
export type RegisterInit = Parameters<typeof encode<typeof wire.RegisterSchema>>[1]

/** What a relay answers when it does not answer with an error. */
export type Answer = Exclude<wire.Result['kind'], { case: 'error' } | { case: undefined }>

export const REQUEST_MS_MAX = 30_000
/** Requests on one socket that wait for their answers. */
export const REQUESTS_WAITING_MAX = 256
const REQUEST_ID_MAX = 0xffffffff

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: SottoError) => void
  readonly cancelTimer: () => void
}

/**
 * The requests of one socket: sent without waiting for one another, matched by id. Each ends with
 * its answer, the error the relay named, `temporary/timeout`, or the reason the socket ended.
 */
export class Requests {
  readonly #door: DoorSocket
  readonly #clock: Clock
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0

  constructor(options: { readonly door: DoorSocket; readonly clock: Clock }) {
    this.#door = options.door
    this.#clock = options.clock
    void options.door.closed.then((reason) => this.#endAll(reason))
  }

  ask(method: RequestMethod, timeoutMs: number = REQUEST_MS_MAX): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size >= REQUESTS_WAITING_MAX) {
        reject(new BusyError('relay/rate-limited', 'too many requests wait for the relay'))
        return
      }
      const id = this.#nextId()
      const cancelTimer = this.#clock.after(timeoutMs, () => this.#take(id)?.reject(timedOut()))
      this.#waiting.set(id, { resolve, reject, cancelTimer })
      // A closed socket sends nothing; `closed` then ends this request with the reason.
      this.#door.send({ kind: { case: 'request', value: { id, method } } })
      if (!this.#door.isOpen) void this.#door.closed.then((reason) => this.#endAll(reason))
    })
  }

  /** An answer that nobody waits for any more is dropped. */
  answer(result: wire.Result): void {
    const waiting = this.#take(result.id)
    if (waiting === undefined) return
    const { kind } = result
    if (kind.case === 'error') waiting.reject(relayError(kind.value))
    else if (kind.case === undefined) waiting.reject(unexpectedAnswer())
    else waiting.resolve(kind)
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.cancelTimer()
    return waiting
  }

  #endAll(reason: SottoError): void {
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(reason)
  }

  #nextId(): number {
    this.#lastId = this.#lastId >= REQUEST_ID_MAX ? 1 : this.#lastId + 1
    return this.#lastId
  }
}

export type AnswerOf<Case extends Answer['case']> = Extract<Answer, { case: Case }>['value']

/** The answer's value, where it is the one the request has; else throws `wire/unexpected`. */
export function expectAnswer<Case extends Answer['case']>(
  answer: Answer,
  wanted: Case,
): AnswerOf<Case> {
  if (answer.case !== wanted) throw unexpectedAnswer()
  return answer.value as AnswerOf<Case>
}

export function unexpectedAnswer(): SottoError {
  return new ProtocolError('wire/unexpected', 'the relay answered something else than was asked')
}

function timedOut(): SottoError {
  return new UnavailableError('temporary/timeout', 'the relay did not answer in time', {
    fix: 'Try again; the relay may be busy.',
  })
}
