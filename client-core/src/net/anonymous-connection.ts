import { ProtocolError, UnavailableError } from '@sotto/protocol'
import type { Clock, Transport } from '../ports.js'
import { DoorSocket } from './door-socket.js'
import type { RelayClock } from './relay-clock.js'
import { REQUEST_MS_MAX, Requests, type Answer, type RequestMethod } from './requests.js'
import type { wire } from '@sotto/protocol'

export const ANONYMOUS_IDLE_MS_MAX = 60_000
/** Below the ten minutes that docs/PROTOCOL.md gives an anonymous connection. */
export const ANONYMOUS_AGE_MS_MAX = 9.5 * 60_000

export interface AnonymousConnectionOptions {
  readonly origin: string
  readonly transport: Transport
  readonly clock: Clock
  /** Hears what time it is at the relay. */
  readonly relayClock: RelayClock
  /** Close when the last answer is there, instead of staying for the next request. */
  readonly once: boolean
  /** The connection has ended and takes nothing more. */
  readonly ended: () => void
}

interface Link {
  readonly door: DoorSocket
  readonly requests: Requests
}

/**
 * One WebSocket through the anonymous door, for one recipient account or one lookup. Opened by its
 * first request; closed when idle or old, when the relay drains, and after a request that timed
 * out, for then it may be half open.
 */
export class AnonymousConnection {
  readonly #options: AnonymousConnectionOptions
  readonly #openedMs: number
  readonly #abort = new AbortController()
  #link: Promise<Link> | undefined
  #greeted = false
  #pending = 0
  #retired = false
  #ended = false
  #cancelIdle: () => void = () => undefined

  constructor(options: AnonymousConnectionOptions) {
    this.#options = options
    this.#openedMs = options.clock.monotonicMs()
  }

  /** Whether a request begun now is sure to end before the connection is too old. */
  get usable(): boolean {
    return !this.#retired && !this.#ended && this.#ageMs() < ANONYMOUS_AGE_MS_MAX - REQUEST_MS_MAX
  }

  /** Whether the relay has greeted, and it has not ended since. */
  get isOpen(): boolean {
    return this.#greeted && !this.#ended
  }

  get idle(): boolean {
    return this.#pending === 0
  }

  /**
   * The answer, and what time it was at the relay when it came. Bounded by REQUEST_MS_MAX, opening
   * included. Throws `relay/unreachable`, `temporary/timeout`, or what the relay answers.
   */
  async ask(
    method: RequestMethod,
  ): Promise<{ readonly answer: Answer; readonly relayTimeMs: number }> {
    this.#pending += 1
    this.#cancelIdle()
    const deadlineMs = this.#options.clock.monotonicMs() + REQUEST_MS_MAX
    try {
      this.#link ??= this.#open()
      const { requests } = await this.#link
      const leftMs = deadlineMs - this.#options.clock.monotonicMs()
      const answer = await requests.ask(method, Math.max(leftMs, 0))
      return { answer, relayTimeMs: this.#options.relayClock.nowMs() }
    } catch (error) {
      if (error instanceof UnavailableError && error.code === 'temporary/timeout') {
        this.#retired = true
      }
      throw error
    } finally {
      this.#pending -= 1
      this.#rest()
    }
  }

  /** Resolves when the relay has greeted. Throws `relay/unreachable`. */
  async reach(): Promise<void> {
    this.#pending += 1
    this.#cancelIdle()
    try {
      this.#link ??= this.#open()
      await this.#link
    } finally {
      this.#pending -= 1
      this.#rest()
    }
  }

  /** Begins to open it; whoever asks next learns what became of that. */
  begin(): void {
    this.reach().catch(() => undefined) // The link keeps why for the next request.
  }

  /** Takes no further request; ends when what is pending has ended. */
  retire(): void {
    this.#retired = true
    this.#rest()
  }

  /** Ends it at once; what is pending rejects with `temporary/interrupted`. */
  close(): void {
    this.#abort.abort()
    this.#end()
  }

  async #open(): Promise<Link> {
    const { origin, transport, clock } = this.#options
    try {
      const door = await DoorSocket.open({
        origin,
        door: 'anonymous',
        transport,
        clock,
        signal: this.#abort.signal,
      })
      const requests = new Requests({ door, clock })
      this.#options.relayClock.observe(door.greeting.timeMs)
      this.#abort.signal.addEventListener('abort', () => door.close())
      void door.closed.then(() => this.#end())
      door.onFrame((frame) => this.#receive(frame, requests))
      this.#greeted = true
      return { door, requests }
    } catch (error) {
      this.#end()
      throw error
    }
  }

  #receive(frame: wire.RelayFrame, requests: Requests): void {
    switch (frame.kind.case) {
      case 'result':
        requests.answer(frame.kind.value)
        return
      case 'drain':
        this.#retired = true
        this.#rest()
        return
      case 'hello':
      case 'ready':
      case 'deliver':
      case 'queueEmpty':
      case 'gap':
      case 'prekeys':
      case 'ephemeral':
        throw new ProtocolError('wire/unexpected', 'a frame that has no place at this door')
      case 'pong':
      case 'error':
      case undefined:
        return // A kind of frame that is not known yet asks nothing of us.
    }
  }

  /** With nothing pending: close, now or after a while. */
  #rest(): void {
    this.#cancelIdle()
    if (this.#pending > 0 || this.#ended) return
    if (this.#retired || this.#options.once) {
      this.close()
      return
    }
    const idleMs = Math.min(ANONYMOUS_IDLE_MS_MAX, ANONYMOUS_AGE_MS_MAX - this.#ageMs())
    this.#cancelIdle = this.#options.clock.after(Math.max(idleMs, 0), () => this.close())
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#cancelIdle()
    this.#options.ended()
  }

  #ageMs(): number {
    return this.#options.clock.monotonicMs() - this.#openedMs
  }
}
