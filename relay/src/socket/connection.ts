import { wire, type Bytes } from '@sotto/protocol'
import { answerOf, type Answer } from '../answers.js'
import type { Context } from '../context.js'
import type { Origin } from '../limits/network-address.js'
import { REQUESTS_IN_FLIGHT_MAX } from '../limits/bounds.js'
import type { Submitting } from '../mailbox/submit.js'
import type { ClientSocket } from './client-socket.js'
import { CLOSE, type CloseCode } from './close-codes.js'
import { errorFrame, parseClientFrame, resultFrame } from './frames.js'
import type { ClientFrame } from './client-frame.js'

export interface ConnectionOptions {
  readonly context: Context
  readonly socket: ClientSocket
  readonly origin: Origin
}

/** A request that is being answered; by the meters' clock. */
interface Asked {
  readonly id: number
  readonly begunAtMs: number
}

/**
 * One client's socket, whichever door it came through: parses what comes in, begins requests in the
 * order they came, and answers them as they are done.
 */
export class Connection {
  readonly context: Context
  readonly origin: Origin
  readonly #socket: ClientSocket
  #inFlight = 0
  #paused = false
  #open = true
  #answersHeard = true
  /** Requests begin one after the other, so that one sender's envelopes keep their order. */
  #begun: Promise<void> = Promise.resolve()
  #whenIdle: (() => void) | undefined

  constructor(options: ConnectionOptions) {
    this.context = options.context
    this.origin = options.origin
    this.#socket = options.socket
  }

  get isOpen(): boolean {
    return this.#open
  }

  get isBuffered(): boolean {
    return this.#socket.bufferedBytes > this.context.limits.socketBytes
  }

  /** Calls `receive` with each frame; whatever is none closes the socket. */
  listen(receive: (frame: ClientFrame) => void): void {
    this.#socket.onMessage((bytes) => {
      this.#answersHeard = true
      if (!this.#open) return
      const frame = bytes === undefined ? undefined : parseOrNothing(bytes)
      if (frame === undefined || frame.kind === 'unknown') this.refuse(wire.ErrorCode.INVALID)
      else receive(frame)
    })
    this.#socket.onPong(() => (this.#answersHeard = true))
  }

  onClose(closed: () => void): void {
    this.#socket.onClose(() => {
      this.#open = false
      closed()
    })
  }

  /** Calls `drained` whenever everything sent so far has left. */
  onDrain(drained: () => void): void {
    this.#socket.onDrain(drained)
  }

  send(frame: Bytes): void {
    if (!this.#open) return
    this.#socket.send(frame)
  }

  /** Begins a request once those before it have begun, and answers it with its id. */
  answer(id: number, begin: () => Promise<Submitting>): void {
    const begunAtMs = this.context.meters.nowMs()
    this.#hold()
    this.#begun = this.#begun.then(async () => {
      try {
        const begun = await begin()
        if (begun.kind === 'answered') this.#finish({ id, begunAtMs }, begun.answer)
        else void this.#finishLater({ id, begunAtMs }, begun.answer)
      } catch (thrown) {
        this.#fail({ id, begunAtMs }, thrown)
      }
    })
  }

  /** The same for a request whose answer need not keep others waiting. */
  answerWith(id: number, answer: () => Promise<Answer>): void {
    this.answer(id, async () => ({ kind: 'committing', answer: answer() }))
  }

  /** Closes after an Error frame: this client broke the rules, or cannot be served. */
  refuse(code: wire.ErrorCode, close: CloseCode = CLOSE.invalid): void {
    if (close === CLOSE.invalid) this.context.refusals.count('frames')
    if (close === CLOSE.handshakeTimeout) this.context.refusals.count('handshakes')
    this.send(errorFrame(code))
    this.close(close)
  }

  close(code: CloseCode): void {
    if (!this.#open) return
    this.#open = false
    this.#socket.close(code)
  }

  /** Takes no more requests, answers those it has, then closes. */
  async retire(code: CloseCode): Promise<void> {
    this.#socket.pause()
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve))
    this.#socket.resume()
    this.close(code)
  }

  /** False when the peer has not answered since it was last asked; then it is gone. */
  probe(): boolean {
    if (!this.#answersHeard) {
      this.#socket.terminate()
      return false
    }
    this.#answersHeard = false
    if (this.#open) this.#socket.ping()
    return true
  }

  terminate(): void {
    this.#socket.terminate()
  }

  async #finishLater(asked: Asked, answer: Promise<Answer>): Promise<void> {
    try {
      this.#finish(asked, await answer)
    } catch (thrown) {
      this.#fail(asked, thrown)
    }
  }

  #fail(asked: Asked, thrown: unknown): void {
    const answer = answerOf(thrown)
    if (answer.value.code === wire.ErrorCode.INTERNAL) this.context.log.error('request.broke', {})
    this.#finish(asked, answer)
  }

  #finish({ id, begunAtMs }: Asked, answer: Answer): void {
    const { meters } = this.context
    meters.answered(answer, meters.nowMs() - begunAtMs)
    this.send(resultFrame(id, answer))
    this.#release()
  }

  #hold(): void {
    this.#inFlight++
    if (this.#inFlight < REQUESTS_IN_FLIGHT_MAX || this.#paused) return
    this.#paused = true
    this.#socket.pause()
  }

  #release(): void {
    this.#inFlight--
    if (this.#inFlight === 0) this.#whenIdle?.()
    if (!this.#paused || this.#inFlight >= REQUESTS_IN_FLIGHT_MAX / 2) return
    this.#paused = false
    this.#socket.resume()
  }
}

function parseOrNothing(bytes: Uint8Array): ClientFrame | undefined {
  try {
    return parseClientFrame(bytes)
  } catch {
    return undefined
  }
}
