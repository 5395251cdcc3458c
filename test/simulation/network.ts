import { UnavailableError, type Bytes } from '@sotto/protocol'
import type { Socket, Transport } from '@sotto/client-core'
import type { ClientSocket, DoorName, HttpAnswer } from '@sotto/relay'
import type { Prng } from './prng.js'
import type { Scheduler } from './scheduler.js'
import type { Way, Weather } from './stream.js'
import { Wire } from './wire.js'

/** Who answers at the other end of the network, while somebody does. */
export interface Site {
  /** False: nobody is there, or takes no more. */
  open(door: DoorName, socket: ClientSocket): boolean
  exchange(request: { readonly url: string; readonly body: Bytes }): Promise<HttpAnswer | undefined>
}

const LATENCY_MS = { least: 1, most: 80 }
/** How much later something comes a second time that nobody orders. */
const SCATTER_MS_MAX = 20_000
/** Frames of one client that are kept to be sent again by somebody else. */
const RECORDED_MAX = 20
/** Older ones are not: what they are sealed under may have ended. */
const RECORDED_MS_MAX = 12 * 60 * 60_000

/**
 * One client's way to the relay. Each connection is two streams that keep their order, as TCP does;
 * connections overtake each other freely.
 */
export class Link implements Way {
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

  /** An ephemeral envelope: in its place, twice, late, or never. */
  scatter(arrive: () => void, inOrder: () => void): void {
    const fate = this.#random.below(8)
    if (fate === 0) return
    inOrder()
    if (fate > 2) return
    const lateMs = this.#random.between(1, SCATTER_MS_MAX)
    this.#scheduler.after(lateMs, () => {
      if (this.#weather === 'fair') arrive()
    })
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

function unreachable(): UnavailableError {
  return new UnavailableError('relay/unreachable', 'the simulated network did not bring it there')
}
