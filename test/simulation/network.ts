import { UnavailableError, type Bytes } from '@sotto/protocol'
import type { Socket, Transport } from '@sotto/client-core'
import type { ClientSocket, DoorName, HttpAnswer } from '@sotto/relay'
import type { Prng } from './prng.js'
import type { Scheduler } from './scheduler.js'

/** Who answers at the other end of the network, while somebody does. */
export interface Site {
  /** False: nobody is there, or takes no more. */
  open(door: DoorName, socket: ClientSocket): boolean
  exchange(request: { readonly url: string; readonly body: Bytes }): Promise<HttpAnswer | undefined>
}

/** What the way between one client and the relay is like. */
export type Weather =
  /** Everything arrives, a little later. */
  | 'fair'
  /** Nothing arrives and nobody is told, as behind a router that lost its table. */
  | 'silent'
  /** Connections are refused; those there were are cut. */
  | 'down'

const LATENCY_MS = { least: 1, most: 80 }
/** As the client's own transport: a closing handshake that nobody answers is cut after this long. */
const CLOSE_MS_MAX = 1000
/** Frames of one client that are kept to be sent again by somebody else. */
const RECORDED_MAX = 20
/** Older ones are not: what they are sealed under may have ended. */
const RECORDED_MS_MAX = 12 * 60 * 60_000

/**
 * One client's way to the relay. Each connection is two streams that keep their order, as TCP does;
 * connections overtake each other freely.
 */
export class Link {
  readonly #scheduler: Scheduler
  readonly #random: Prng
  readonly #site: Site
  readonly #wires = new Set<Wire>()
  readonly #recorded: { readonly atMs: number; readonly frame: Bytes }[] = []
  #weather: Weather = 'fair'
  #delayMs = 0

  constructor(options: {
    readonly scheduler: Scheduler
    readonly random: Prng
    readonly site: Site
  }) {
    this.#scheduler = options.scheduler
    this.#random = options.random
    this.#site = options.site
  }

  get weather(): Weather {
    return this.#weather
  }

  turn(weather: Weather): void {
    this.#weather = weather
    if (weather === 'down') this.cut()
    if (weather === 'fair') for (const wire of this.#wires) wire.flow()
  }

  /** Every connection is reset: what was on the way is lost, and both ends hear it. */
  cut(): void {
    for (const wire of [...this.#wires]) wire.cut()
  }

  /** Each connection there is now is reset once so many more frames have arrived at either end. */
  cutAfter(frames: number): void {
    for (const wire of this.#wires) wire.cutAfter(frames)
  }

  /** Of each connection there is now one direction brings nothing more, and nobody is told. */
  deafen(end: 'client' | 'relay'): void {
    for (const wire of this.#wires) wire.deafen(end)
  }

  /** The client reads nothing for so long: what comes waits at the relay. */
  pauseReading(forMs: number): void {
    for (const wire of this.#wires) wire.pauseReading(forMs)
  }

  /** Everything takes so much longer from now on. */
  slowBy(delayMs: number): void {
    this.#delayMs = delayMs
  }

  /** What went through the anonymous door lately, as somebody on the way to it could keep it. */
  get recorded(): readonly Bytes[] {
    const sinceMs = this.#scheduler.nowMs - RECORDED_MS_MAX
    return this.#recorded.filter(({ atMs }) => atMs >= sinceMs).map(({ frame }) => frame)
  }

  record(frame: Bytes): void {
    this.#recorded.push({ atMs: this.#scheduler.nowMs, frame })
    if (this.#recorded.length > RECORDED_MAX) this.#recorded.shift()
  }

  /** One end is no more and says nothing: the other hears it, or, where `silently`, does not. */
  lose(end: 'client' | 'relay', silently: boolean): void {
    for (const wire of [...this.#wires]) wire.lose(end, silently)
  }

  /** The network of one process. What it was told to do for a process that has died comes to nothing. */
  transport(): Transport {
    return {
      open: (url, options) => this.#open(url, options),
      exchange: (request) => this.#exchange(request),
    }
  }

  /** Calls `run` when something sent now arrives. */
  soon(run: () => void): () => void {
    const { least, most } = LATENCY_MS
    return this.#scheduler.after(this.#random.between(least, most) + this.#delayMs, run)
  }

  async #open(url: string, options: Parameters<Transport['open']>[1]): Promise<Socket> {
    if (options.signal?.aborted === true) throw unreachable()
    await this.#arrival(options)
    const door: DoorName = url.endsWith('/v1/identified') ? 'identified' : 'anonymous'
    const gone = (): boolean => this.#wires.delete(wire)
    const wire = new Wire(this, { scheduler: this.#scheduler, door, gone })
    if (!this.#site.open(door, wire.relayEnd)) throw unreachable()
    this.#wires.add(wire)
    return wire.clientEnd
  }

  async #exchange(request: Parameters<Transport['exchange']>[0]) {
    await this.#arrival(request)
    const body = new Uint8Array(request.body ?? [])
    const answer = await this.#site.exchange({ url: request.url, body })
    if (answer === undefined) throw unreachable()
    await this.#arrival(request)
    return { status: answer.status, body: answer.body }
  }

  /** Resolves when the other end has it; rejects when it never does. */
  #arrival(wait: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        wait.signal?.removeEventListener('abort', fail)
        reject(unreachable())
      }
      wait.signal?.addEventListener('abort', fail)
      this.soon(() => {
        if (this.#weather === 'down') fail()
        else if (this.#weather === 'silent') this.#scheduler.after(wait.timeoutMs, fail)
        else {
          wait.signal?.removeEventListener('abort', fail)
          resolve()
        }
      })
    })
  }
}

/** Something on its way: a frame, or what else an end tells the other. */
type Parcel = { readonly bytes: number; readonly arrive: () => void }

/** One direction of a connection. */
class Stream {
  readonly #link: Link
  #queue: Parcel[] = []
  #moving = false
  #held = false
  #swallows = false
  #drained: () => void = () => undefined

  constructor(link: Link) {
    this.#link = link
  }

  get bytes(): number {
    return this.#queue.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  onDrain(drained: () => void): void {
    this.#drained = drained
  }

  put(parcel: Parcel): void {
    if (this.#swallows) return
    this.#queue.push(parcel)
    this.flow()
  }

  /** The far end reads no further, or goes on. */
  hold(held: boolean): void {
    this.#held = held
    this.flow()
  }

  flow(): void {
    if (this.#moving || this.#held || this.#queue.length === 0) return
    this.#moving = true
    this.#link.soon(() => {
      this.#moving = false
      if (this.#held || this.#link.weather === 'silent') return
      this.#arrive()
    })
  }

  /** What is in it is lost, and what is put in from now on: a stream has no holes. */
  swallow(): void {
    this.#queue = []
    this.#swallows = true
  }

  /** What was sent by now arrives together, as one read from a socket brings it. */
  #arrive(): void {
    const parcels = this.#queue
    this.#queue = []
    for (const [index, parcel] of parcels.entries()) {
      if (this.#held) {
        this.#queue = [...parcels.slice(index), ...this.#queue]
        return
      }
      parcel.arrive()
    }
    if (this.#queue.length === 0) this.#drained()
    this.flow()
  }
}

/** One connection: the client's socket and the relay's. */
class Wire {
  readonly clientEnd: Socket
  readonly relayEnd: ClientSocket
  readonly #link: Link
  readonly #scheduler: Scheduler
  readonly #door: DoorName
  readonly #gone: () => void
  readonly #up: Stream
  readonly #down: Stream
  readonly #client = new End<Bytes>()
  readonly #relay = new End<Bytes>()
  #pong: () => void = () => undefined
  #framesLeft = Infinity

  constructor(
    link: Link,
    options: {
      readonly scheduler: Scheduler
      readonly door: DoorName
      readonly gone: () => void
    },
  ) {
    this.#link = link
    this.#scheduler = options.scheduler
    this.#door = options.door
    this.#gone = options.gone
    this.#up = new Stream(link)
    this.#down = new Stream(link)
    this.clientEnd = this.#makeClientEnd()
    this.relayEnd = this.#makeRelayEnd()
  }

  flow(): void {
    this.#up.flow()
    this.#down.flow()
  }

  cut(): void {
    this.#stop()
    this.#link.soon(() => this.#client.close())
    this.#link.soon(() => this.#relay.close())
  }

  cutAfter(frames: number): void {
    this.#framesLeft = frames
  }

  deafen(end: 'client' | 'relay'): void {
    const stream = end === 'client' ? this.#down : this.#up
    stream.swallow()
  }

  pauseReading(forMs: number): void {
    this.#down.hold(true)
    this.#scheduler.after(forMs, () => this.#down.hold(false))
  }

  lose(end: 'client' | 'relay', silently: boolean): void {
    this.#stop()
    const [lost, left] =
      end === 'client' ? [this.#client, this.#relay] : [this.#relay, this.#client]
    lost.forget()
    if (!silently) this.#link.soon(() => left.close())
  }

  #arrive(end: End<Bytes>, frame: Bytes): void {
    this.#framesLeft--
    if (this.#framesLeft === -1) this.cut()
    if (this.#framesLeft >= 0) end.hear(frame)
  }

  #stop(): void {
    this.#up.swallow()
    this.#down.swallow()
    this.#gone()
  }

  #makeClientEnd(): Socket {
    return {
      send: (bytes) => {
        if (!this.#client.isOpen) return false
        const frame = new Uint8Array(bytes)
        if (this.#door === 'anonymous') this.#link.record(frame)
        this.#up.put({ bytes: frame.length, arrive: () => this.#arrive(this.#relay, frame) })
        return true
      },
      onMessage: (listener) => this.#client.listen(listener),
      onClose: (listener) => this.#client.onClose(() => listener(1006)),
      close: () => this.#close(this.#client, this.#up, this.#relay),
    }
  }

  #makeRelayEnd(): ClientSocket {
    const down = this.#down
    return {
      get bufferedBytes() {
        return down.bytes
      },
      send: (frame) => {
        if (!this.#relay.isOpen) return
        down.put({ bytes: frame.length, arrive: () => this.#arrive(this.#client, frame) })
      },
      onMessage: (listener) => this.#relay.listen(listener),
      onPong: (listener) => {
        this.#pong = listener
      },
      onClose: (listener) => this.#relay.onClose(listener),
      onDrain: (listener) => down.onDrain(listener),
      pause: () => this.#up.hold(true),
      resume: () => this.#up.hold(false),
      ping: () => this.#ping(),
      close: () => this.#close(this.#relay, this.#down, this.#client),
      terminate: () => this.#terminate(),
    }
  }

  /** After everything sent before it the other end closes, too; or nobody answers, and it is cut. */
  #close(own: End<Bytes>, outgoing: Stream, other: End<Bytes>): void {
    if (!own.isOpen) return
    own.shut()
    const cancel = this.#scheduler.after(CLOSE_MS_MAX, () => {
      this.#stop()
      own.close()
    })
    outgoing.put({
      bytes: 0,
      arrive: () => {
        other.close()
        this.#link.soon(() => {
          cancel()
          this.#stop()
          own.close()
        })
      },
    })
  }

  #terminate(): void {
    this.#stop()
    this.#relay.close()
    if (this.#link.weather !== 'silent') this.#link.soon(() => this.#client.close())
  }

  #ping(): void {
    const answer = { bytes: 0, arrive: () => this.#pong() }
    this.#down.put({ bytes: 0, arrive: () => this.#up.put(answer) })
  }
}

/** What one end of a connection hears. What comes before anybody listens waits. */
class End<Frame> {
  #listener: ((frame: Frame) => void) | undefined
  #closed: () => void = () => undefined
  readonly #early: Frame[] = []
  /** `shut`: it has said goodbye and hears no more. */
  #state: 'open' | 'shut' | 'closed' = 'open'

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  listen(listener: (frame: Frame) => void): void {
    this.#listener = listener
    for (const frame of this.#early.splice(0)) listener(frame)
  }

  onClose(closed: () => void): void {
    this.#closed = closed
  }

  hear(frame: Frame): void {
    if (this.#state !== 'open') return
    if (this.#listener === undefined) this.#early.push(frame)
    else this.#listener(frame)
  }

  shut(): void {
    if (this.#state === 'open') this.#state = 'shut'
  }

  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#closed()
  }

  /** Whoever listened here is no more. */
  forget(): void {
    this.#state = 'closed'
  }
}

function unreachable(): UnavailableError {
  return new UnavailableError('relay/unreachable', 'the simulated network did not bring it there')
}
