import type { Bytes } from '@sotto/protocol'

/** What the way between one client and the relay is like. */
export type Weather =
  /** Everything arrives, a little later. */
  | 'fair'
  /** Nothing arrives and nobody is told, as behind a router that lost its table. */
  | 'silent'
  /** Connections are refused; those there were are cut. */
  | 'down'

/** The way on which streams lie. */
export interface Way {
  readonly weather: Weather
  /** Calls `run` when something sent now arrives. */
  soon(run: () => void): () => void
  /**
   * What is worth nothing later has no order to keep: calls `arrive` as often as it arrives, and when.
   * Left out: once, in the order of its stream.
   */
  scatter?(arrive: () => void, inOrder: () => void): void
  /** Somebody on the way may keep it. */
  record(frame: Bytes): void
}

/** Something on its way: a frame, or what else an end tells the other. */
type Parcel = { readonly bytes: number; readonly arrive: () => void }

/** One direction of a connection. */
export class Stream {
  readonly #way: Way
  #queue: Parcel[] = []
  #moving = false
  #held = false
  #swallows = false
  #drained: () => void = () => undefined

  constructor(way: Way) {
    this.#way = way
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
    this.#way.soon(() => {
      this.#moving = false
      if (this.#held || this.#way.weather === 'silent') return
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
