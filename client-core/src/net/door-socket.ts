import {
  decode,
  encode,
  ownBytes,
  ProtocolError,
  relayError,
  asSottoError,
  UnavailableError,
  wire,
  WIRE_VERSION_MAX,
  WIRE_VERSION_MIN,
  type Bytes,
  type SottoError,
} from '@sotto/protocol'
import type { Clock, Socket, Transport } from '../ports.js'
import { parseTimeMs } from './relay-clock.js'
import { originOf, unreachable } from './unreachable.js'

export type ClientFrameInit = Parameters<typeof encode<typeof wire.ClientFrameSchema>>[1]

/** The two doors of a relay (docs/PROTOCOL.md, "Doors"). */
export const DOOR_PATHS = { identified: '/v1/identified', anonymous: '/v1/anonymous' } as const

export const OPEN_MS_MAX = 10_000
export const HELLO_MS_MAX = 5_000
/** Frames that came before anybody listened: what one read from the network can hold. */
const EARLY_FRAMES_MAX = 1024

export interface DoorSocketOptions {
  readonly origin: string
  readonly door: keyof typeof DOOR_PATHS
  readonly transport: Transport
  readonly clock: Clock
  /** Gives up while opening; afterwards use `close`. */
  readonly signal?: AbortSignal
}

/** What the relay's Hello said. */
export interface Greeting {
  /** The newest wire version both ends speak. */
  readonly version: number
  readonly timeMs: number
  /** Signed by the device key on the identified door; empty on the other. */
  readonly nonce: Bytes
}

/**
 * A socket to one of a relay's doors, after its Hello: frames in, frames out, and one reason why
 * it ended. An error frame ends it with that error, a frame that does not parse with
 * `wire/malformed`, anything else with `relay/unreachable`.
 */
export class DoorSocket {
  /** Resolves, never rejects, with why the socket ended. */
  readonly closed: Promise<SottoError>
  readonly #origin: string
  readonly #socket: Socket
  readonly #resolveClosed: (reason: SottoError) => void
  #greeting: Greeting | undefined
  #early: wire.RelayFrame[] = []
  #listener: ((frame: wire.RelayFrame) => void) | undefined
  #open = true

  /** Throws `relay/unreachable`, `wire/version`, or the error the relay answers with. */
  static async open(options: DoorSocketOptions): Promise<DoorSocket> {
    const url = options.origin.replace(/^http/, 'ws') + DOOR_PATHS[options.door]
    const socket = await options.transport.open(url, {
      timeoutMs: OPEN_MS_MAX,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    const door = new DoorSocket(socket, originOf(url))
    await door.#greet(options)
    return door
  }

  private constructor(socket: Socket, origin: string) {
    this.#socket = socket
    this.#origin = origin
    let resolveClosed: (reason: SottoError) => void = () => undefined
    this.closed = new Promise((resolve) => {
      resolveClosed = resolve
    })
    this.#resolveClosed = resolveClosed
    socket.onClose(() => this.#end(this.#gone()))
    socket.onMessage((bytes) => this.#receive(bytes))
  }

  get greeting(): Greeting {
    if (this.#greeting === undefined) throw this.#gone()
    return this.#greeting
  }

  get isOpen(): boolean {
    return this.#open
  }

  /** False when the socket is closed already. */
  send(frame: ClientFrameInit): boolean {
    return this.#open && this.#socket.send(encode(wire.ClientFrameSchema, frame))
  }

  /** Every frame after the Hello, in order, those that came already included. Called once. */
  onFrame(listener: (frame: wire.RelayFrame) => void): void {
    const early = this.#early
    this.#early = []
    this.#listener = listener
    for (const frame of early) this.#guard(() => this.#dispatch(frame))
  }

  /** Ends the socket for `reason`; a no-op when it has ended. */
  close(reason: SottoError = interrupted()): void {
    this.#end(reason)
  }

  async #greet(options: DoorSocketOptions): Promise<void> {
    const cancelTimer = options.clock.after(HELLO_MS_MAX, () =>
      this.#end(unreachable(this.#origin, { timedOut: true })),
    )
    const interrupt = (): void => this.#end(interrupted())
    options.signal?.addEventListener('abort', interrupt)
    if (options.signal?.aborted === true) interrupt()
    const greeted = new Promise<void>((resolve) => {
      this.#listener = (frame) => {
        this.#greeting = parseHello(frame)
        this.#listener = undefined
        resolve()
      }
    })
    try {
      const reason = await Promise.race([greeted, this.closed])
      if (reason !== undefined) throw reason
    } finally {
      cancelTimer()
      options.signal?.removeEventListener('abort', interrupt)
    }
  }

  #receive(bytes: Bytes): void {
    if (!this.#open) return
    this.#guard(() => {
      const frame = decode(wire.RelayFrameSchema, bytes)
      if (frame.kind.case === 'error') this.#end(relayError(frame.kind.value))
      else this.#dispatch(frame)
    })
  }

  #dispatch(frame: wire.RelayFrame): void {
    if (!this.#open) return
    if (this.#listener !== undefined) this.#listener(frame)
    else if (this.#early.length < EARLY_FRAMES_MAX) this.#early.push(frame)
    else throw new ProtocolError('wire/unexpected', 'the relay sent too much before it was asked')
  }

  /** What a frame cannot be, and what a listener throws, ends the socket. */
  #guard(work: () => void): void {
    try {
      work()
    } catch (thrown) {
      this.#end(asRelayFault(thrown))
    }
  }

  #end(reason: SottoError): void {
    if (!this.#open) return
    this.#open = false
    this.#early = []
    this.#resolveClosed(reason)
    this.#socket.close()
  }

  #gone(): SottoError {
    return new UnavailableError('relay/unreachable', `${this.#origin} closed the connection`, {
      fix: 'It will be tried again.',
    })
  }
}

function parseHello(frame: wire.RelayFrame): Greeting {
  if (frame.kind.case !== 'hello') {
    throw new ProtocolError('wire/unexpected', 'the relay did not begin with Hello')
  }
  const hello = frame.kind.value
  if (hello.versionMin > WIRE_VERSION_MAX || hello.versionMax < WIRE_VERSION_MIN) {
    throw relayError({ code: wire.ErrorCode.VERSION, retryAfterMs: 0 })
  }
  return {
    version: Math.min(hello.versionMax, WIRE_VERSION_MAX),
    timeMs: parseTimeMs(hello.timeMs),
    nonce: ownBytes(hello.nonce),
  }
}

function interrupted(): SottoError {
  return new UnavailableError('temporary/interrupted', 'the connection was closed here')
}

/** What does not parse came from the relay: its fault, not that of what we asked. */
function asRelayFault(thrown: unknown): SottoError {
  const error = asSottoError(thrown)
  if (error.code !== 'wire/malformed') return error
  return new ProtocolError('wire/unexpected', 'the relay sent what is no frame', { cause: error })
}
