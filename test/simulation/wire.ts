import type { Socket } from '@sotto/client-core'
import type { Bytes } from '@sotto/protocol'
import type { ClientSocket, DoorName } from '@sotto/relay'
import type { Scheduler } from './scheduler.js'
import { Stream, type Way } from './stream.js'

const EPHEMERAL_FIELD = 11
const LENGTH_DELIMITED = 2

/** As the client's own transport: a closing handshake that nobody answers is cut after this long. */
const CLOSE_MS_MAX = 1000

/** One connection: the client's socket and the relay's. */
export class Wire {
  readonly clientEnd: Socket
  readonly relayEnd: ClientSocket
  readonly #way: Way
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
    way: Way,
    options: {
      readonly scheduler: Scheduler
      readonly door: DoorName
      readonly gone: () => void
    },
  ) {
    this.#way = way
    this.#scheduler = options.scheduler
    this.#door = options.door
    this.#gone = options.gone
    this.#up = new Stream(way)
    this.#down = new Stream(way)
    this.clientEnd = this.#makeClientEnd()
    this.relayEnd = this.#makeRelayEnd()
  }

  flow(): void {
    this.#up.flow()
    this.#down.flow()
  }

  cut(): void {
    this.#stop()
    this.#way.soon(() => this.#client.close())
    this.#way.soon(() => this.#relay.close())
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
    if (!silently) this.#way.soon(() => left.close())
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
        if (this.#door === 'anonymous') this.#way.record(frame)
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
        const arrive = (): void => this.#arrive(this.#client, frame)
        const inOrder = (): void => down.put({ bytes: frame.length, arrive })
        if (isPassing(frame) && this.#way.scatter !== undefined) this.#way.scatter(arrive, inOrder)
        else inOrder()
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
        this.#way.soon(() => {
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
    if (this.#way.weather !== 'silent') this.#way.soon(() => this.#client.close())
  }

  #ping(): void {
    const answer = { bytes: 0, arrive: () => this.#pong() }
    this.#down.put({ bytes: 0, arrive: () => this.#up.put(answer) })
  }
}

/** A RelayFrame with an ephemeral envelope: it begins with the tag of that field. */
function isPassing([tag]: Bytes): boolean {
  return tag === ((EPHEMERAL_FIELD << 3) | LENGTH_DELIMITED)
}

/** What one end of a connection hears. What comes before anybody listens waits. */
class End<Frame> {
  #listener: ((frame: Frame) => void) | undefined
  readonly #closed: (() => void)[] = []
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

  /** Every listener is told, as those of a real socket are. */
  onClose(closed: () => void): void {
    this.#closed.push(closed)
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
    for (const closed of this.#closed) closed()
  }

  /** Whoever listened here is no more. */
  forget(): void {
    this.#state = 'closed'
  }
}
