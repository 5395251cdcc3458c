import {
  accountIdBytes,
  challengeSigningBytes,
  ownBytes,
  ProtocolError,
  UnavailableError,
  wire,
  WINDOW_ENVELOPES_MAX,
  type AccountId,
  type Bytes,
  type DeviceId,
  type SottoError,
} from '@sotto/protocol'
import type { Clock, Transport } from '../ports.js'
import { DoorSocket } from './door-socket.js'
import { parseTimeMs, parseUint64, type RelayClock } from './relay-clock.js'
import { Requests, type Answer, type RequestMethod } from './requests.js'
import { unreachable } from './unreachable.js'

export const READY_MS_MAX = 10_000
export const PING_MS = 30_000
/** Pings without a sign of life after which the socket is taken for half open. */
export const PINGS_UNANSWERED_MAX = 2
/** A sleeper's ping is answered within this, or the socket is taken for half open. */
export const PROBE_MS_MAX = 5_000
/** After Drain the relay has this long to close the socket itself. */
export const DRAIN_MS_MAX = 2_000
/** A relay that has more in flight than this ignores its own window. */
const UNACKNOWLEDGED_MAX = 4 * WINDOW_ENVELOPES_MAX

/** Where an envelope, or what is missing, stands in the mailbox. */
interface Place {
  readonly epoch: number
  readonly seq: number
  /** Relay time at which the relay accepted it. */
  readonly arrivalMs: number
  /**
   * The relay may forget this and everything before it. Only after the commit. A no-op when the
   * socket it came on is gone: the relay will deliver it again.
   */
  acknowledge(): void
}

export interface Delivered extends Place {
  readonly body: Bytes
  /** Submitted with a stranger's leave. */
  readonly stranger: boolean
}

/** Handed on by the relay, which keeps none: it has no place in the mailbox. */
export interface Passing {
  readonly body: Bytes
  /** Relay time at which it was handed on. */
  readonly arrivalMs: number
}

/** `count` envelopes are lost; acknowledged like an envelope. */
export interface Gap extends Place {
  readonly count: number
  readonly reason: 'quota' | 'expired'
}

export interface IdentifiedListener {
  /** Authenticated; called before anything is delivered. */
  ready(connection: IdentifiedConnection): void
  deliver(delivered: Delivered): void
  gap(gap: Gap): void
  passing(passing: Passing): void
  queueEmpty(): void
  prekeys(counts: wire.PrekeyCounts): void
}

export interface IdentifiedConnectionOptions {
  readonly origin: string
  readonly relayRoot: Uint8Array
  readonly account: AccountId
  readonly device: DeviceId
  /** Ed25519 by the device key. */
  readonly sign: (challenge: Bytes) => Bytes
  readonly transport: Transport
  readonly clock: Clock
  readonly relayClock: RelayClock
  readonly listener: IdentifiedListener
  readonly signal: AbortSignal
}

/** One authenticated socket: from challenge to close, never again. */
export class IdentifiedConnection {
  readonly #options: IdentifiedConnectionOptions
  readonly #door: DoorSocket
  readonly #requests: Requests
  #ready: { readonly epoch: number; readonly prekeys: wire.PrekeyCounts } | undefined
  #unacknowledged: number[] = []
  #lastSeq = 0
  #pingId = 0
  #pingsUnanswered = 0
  #drainMs = 0
  readonly #cancelReady: () => void
  #cancelPing: () => void = () => undefined
  #cancelDrain: () => void = () => undefined
  #cancelProbe: () => void = () => undefined

  /**
   * Opens the door and answers its challenge; `listener.ready` tells when the relay knows the
   * device. Throws what DoorSocket.open throws.
   */
  static async open(options: IdentifiedConnectionOptions): Promise<IdentifiedConnection> {
    const { origin, transport, clock, signal } = options
    const door = await DoorSocket.open({ origin, door: 'identified', transport, clock, signal })
    const connection = new IdentifiedConnection(options, door)
    connection.#authenticate()
    return connection
  }

  private constructor(options: IdentifiedConnectionOptions, door: DoorSocket) {
    this.#options = options
    this.#door = door
    this.#requests = new Requests({ door, clock: options.clock })
    options.relayClock.observe(door.greeting.timeMs)
    void door.closed.then(() => this.#rest())
    this.#cancelReady = options.clock.after(READY_MS_MAX, () =>
      door.close(unreachable(options.origin, { timedOut: true })),
    )
    door.onFrame((frame) => this.#receive(frame))
  }

  /** Resolves, never rejects, with why the socket ended. */
  get closed(): Promise<SottoError> {
    return this.#door.closed
  }

  /** How long the relay asked to be left alone when it announced that it goes away; else 0. */
  get drainMs(): number {
    return this.#drainMs
  }

  get epoch(): number {
    return this.#known().epoch
  }

  get prekeys(): wire.PrekeyCounts {
    return this.#known().prekeys
  }

  ask(method: RequestMethod): Promise<Answer> {
    return this.#requests.ask(method)
  }

  /** Cumulative; a no-op on a closed socket, and for what was acknowledged already. */
  acknowledge(seq: number): void {
    const rest = this.#unacknowledged.filter((each) => each > seq)
    if (rest.length === this.#unacknowledged.length) return
    const sent = this.#door.send({
      kind: {
        case: 'acknowledge',
        value: { epoch: BigInt(this.epoch), seq: BigInt(seq) },
      },
    })
    if (sent) this.#unacknowledged = rest
  }

  /**
   * We may have slept: is anybody there? Only the answer to this very ping counts, for what was
   * read since may have come before.
   */
  probe(): void {
    if (this.#ready === undefined) return // Its own timer runs.
    this.#ping()
    this.#cancelProbe()
    this.#cancelProbe = this.#options.clock.after(PROBE_MS_MAX, () => this.#lost())
  }

  close(reason?: SottoError): void {
    this.#door.close(reason)
  }

  #authenticate(): void {
    const { account, device, origin, relayRoot, sign } = this.#options
    const { version, nonce, timeMs } = this.#door.greeting
    const host = new URL(origin).host
    const signature = sign(
      challengeSigningBytes({ nonce, timeMs, relayRoot, host, account, device }),
    )
    this.#door.send({
      kind: {
        case: 'authenticate',
        value: { version, account: accountIdBytes(account), device, signature },
      },
    })
  }

  #receive(frame: wire.RelayFrame): void {
    this.#pingsUnanswered = 0 // Whatever came, the other end lives.
    const { listener, relayClock } = this.#options
    switch (frame.kind.case) {
      case 'ready':
        this.#becomeReady(frame.kind.value)
        return
      case 'result':
        this.#requests.answer(frame.kind.value)
        return
      case 'deliver': {
        const { body, stranger } = frame.kind.value
        listener.deliver({ ...this.#place(frame.kind.value), body: ownBytes(body), stranger })
        return
      }
      case 'gap': {
        const { count, reason } = frame.kind.value
        const expired = reason === wire.GapReason.EXPIRED
        listener.gap({
          ...this.#place(frame.kind.value),
          count,
          reason: expired ? 'expired' : 'quota',
        })
        return
      }
      case 'queueEmpty':
        listener.queueEmpty()
        return
      case 'prekeys':
        listener.prekeys(frame.kind.value)
        return
      case 'pong':
        if (frame.kind.value.id === this.#pingId) this.#cancelProbe()
        relayClock.observe(parseTimeMs(frame.kind.value.timeMs))
        return
      case 'drain':
        this.#drain(frame.kind.value.afterMs)
        return
      case 'hello':
        throw new ProtocolError('wire/unexpected', 'the relay said Hello twice')
      case 'ephemeral': {
        const { body, arrivalMs } = frame.kind.value
        listener.passing({ body: ownBytes(body), arrivalMs: parseTimeMs(arrivalMs) })
        return
      }
      case 'error':
      case undefined:
        return // Errors end the DoorSocket; a frame not known yet asks nothing of us.
    }
  }

  #becomeReady(ready: wire.Ready): void {
    if (this.#ready !== undefined || ready.prekeys === undefined) {
      throw new ProtocolError('wire/unexpected', 'the relay’s Ready is malformed')
    }
    this.#ready = { epoch: parseUint64(ready.epoch), prekeys: ready.prekeys }
    this.#cancelReady()
    this.#pingLater()
    this.#options.listener.ready(this)
  }

  #place(frame: { readonly seq: bigint; readonly arrivalMs: bigint }): Place {
    const { epoch } = this
    const seq = parseUint64(frame.seq)
    if (seq <= this.#lastSeq || this.#unacknowledged.length >= UNACKNOWLEDGED_MAX) {
      throw new ProtocolError('wire/unexpected', 'the relay does not keep order or window')
    }
    this.#lastSeq = seq
    this.#unacknowledged.push(seq)
    const arrivalMs = parseTimeMs(frame.arrivalMs)
    return { epoch, seq, arrivalMs, acknowledge: () => this.acknowledge(seq) }
  }

  #pingLater(): void {
    this.#cancelPing = this.#options.clock.after(PING_MS, () => {
      if (this.#pingsUnanswered >= PINGS_UNANSWERED_MAX) {
        this.#lost()
        return
      }
      this.#pingsUnanswered += 1
      this.#ping()
      this.#pingLater()
    })
  }

  #ping(): void {
    this.#pingId = (this.#pingId % 0xffffffff) + 1
    this.#door.send({ kind: { case: 'ping', value: { id: this.#pingId } } })
  }

  #lost(): void {
    this.#door.close(unreachable(this.#options.origin, { timedOut: true }))
  }

  /** What is in flight may still finish; then the socket goes, by whichever end is first. */
  #drain(afterMs: number): void {
    this.#drainMs = afterMs
    this.#cancelDrain()
    this.#cancelDrain = this.#options.clock.after(DRAIN_MS_MAX, () =>
      this.#door.close(
        new UnavailableError('relay/unavailable', 'the relay is going away', {
          fix: 'It will be tried again.',
        }),
      ),
    )
  }

  #rest(): void {
    this.#cancelReady()
    this.#cancelPing()
    this.#cancelDrain()
    this.#cancelProbe()
  }

  #known(): { readonly epoch: number; readonly prekeys: wire.PrekeyCounts } {
    if (this.#ready === undefined) {
      throw new ProtocolError('wire/unexpected', 'the relay delivers before Ready')
    }
    return this.#ready
  }
}
