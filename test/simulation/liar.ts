import { decode, encode, hex, ownBytes, wire, type Bytes } from '@sotto/protocol'
import type { ClientSocket, DoorName, HttpAnswer } from '@sotto/relay'
import type { ClientFrameInit, RelayFrameInit } from '../hostile/passage.js'
import type { Lie, Memory, Side } from './lies.js'
import type { Site } from './network.js'
import { Prng } from './prng.js'
import type { Scheduler } from './scheduler.js'

/** Of everything that it might use again it keeps so many. */
const MEMORY_MAX = 60

/** A lie that will be told so many times, of frames that it is about. */
interface Armed {
  readonly lie: Lie
  readonly random: Prng
  /** Frames that it lets pass first. */
  skips: number
  times: number
}

/**
 * What makes a relay lie: it stands between an honest one and its clients, reads every frame, keeps
 * what it may use, and does to frames what it was armed to do. Unarmed it only listens.
 */
export class Liar implements Site {
  /** What it did, in order. */
  readonly told: string[] = []
  /** By account, both in hexadecimal: who was given in place of whom. */
  readonly swapped: (readonly [owner: string, given: string])[] = []
  readonly #scheduler: Scheduler
  readonly #honest: Site
  readonly #armed: Armed[] = []
  readonly #memory = new Kept()
  readonly #passages = new Set<Passage>()
  #isOver = false

  constructor(scheduler: Scheduler, honest: Site) {
    this.#scheduler = scheduler
    this.#honest = honest
  }

  /** From now on, so many times. */
  arm(
    lie: Lie,
    options: { readonly times: number; readonly skips: number; readonly seed: number },
  ) {
    const { times, skips, seed } = options
    this.#armed.push({ lie, times, skips, random: new Prng(seed, lie.name) })
  }

  /** It is honest from now on, and begins with every connection anew. */
  stop(): void {
    this.#isOver = true
    this.#armed.length = 0
    for (const passage of [...this.#passages]) passage.end()
  }

  open(door: DoorName, socket: ClientSocket): boolean {
    if (this.#isOver) return this.#honest.open(door, socket)
    const passage: Passage = new Passage(socket, {
      memory: this.#memory,
      scheduler: this.#scheduler,
      lieOf: (attempt) => this.#lieOf(attempt),
      swapped: (owner, given) => this.swapped.push([owner, given]),
      gone: () => this.#passages.delete(passage),
    })
    this.#passages.add(passage)
    return this.#honest.open(door, passage.relayEnd)
  }

  exchange(request: Parameters<Site['exchange']>[0]): Promise<HttpAnswer | undefined> {
    return this.#honest.exchange(request)
  }

  /** The first armed lie that has something to say, said. */
  #lieOf<Said>(attempt: (lie: Lie, random: Prng) => Said | undefined): Said | undefined {
    for (const armed of this.#armed) {
      if (armed.skips-- > 0) continue
      const said = attempt(armed.lie, armed.random)
      if (said === undefined) continue
      this.told.push(armed.lie.name)
      if (--armed.times <= 0) this.#armed.splice(this.#armed.indexOf(armed), 1)
      return said
    }
    return undefined
  }
}

/** What has gone through it. */
class Kept implements Memory {
  readonly delivered: wire.Deliver[] = []
  readonly bundles: wire.AccountBundle[] = []
  readonly accounts: Bytes[] = []
  readonly certificates: wire.Certificate[] = []

  keepOfClient({ kind }: wire.ClientFrame): void {
    if (kind.case !== 'authenticate') return
    const account = ownBytes(kind.value.account)
    if (!this.accounts.some((each) => hex(each) === hex(account))) this.accounts.push(account)
  }

  keepOfRelay({ kind }: wire.RelayFrame): void {
    if (kind.case === 'deliver') keep(this.delivered, kind.value)
    if (kind.case !== 'result') return
    const answered = kind.value.kind
    if (answered.case === 'bundle') keep(this.bundles, answered.value)
    if (answered.case === 'certificate') keep(this.certificates, answered.value)
  }
}

function keep<Item>(list: Item[], item: Item): void {
  list.push(item)
  if (list.length > MEMORY_MAX) list.shift()
}

interface PassageOptions {
  readonly memory: Kept
  readonly scheduler: Scheduler
  readonly lieOf: <Said>(attempt: (lie: Lie, random: Prng) => Said | undefined) => Said | undefined
  readonly swapped: (owner: string, given: string) => void
  readonly gone: () => void
}

/** One connection: places and epochs of the honest relay on one side, on the other what it says. */
class Passage {
  readonly relayEnd: ClientSocket
  readonly #socket: ClientSocket
  readonly #options: PassageOptions
  #isOpen = true
  #shift = 0n
  #epochShift = 0n
  #honestSeq = 0n

  constructor(socket: ClientSocket, options: PassageOptions) {
    this.#socket = socket
    this.#options = options
    this.relayEnd = {
      get bufferedBytes() {
        return socket.bufferedBytes
      },
      send: (frame) => this.#down(frame),
      onMessage: (listener) => socket.onMessage((frame) => this.#up(frame, listener)),
      onPong: (listener) => socket.onPong(listener),
      onClose: (listener) => {
        socket.onClose(() => {
          this.#close()
          listener()
        })
      },
      onDrain: (listener) => socket.onDrain(listener),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      ping: () => socket.ping(),
      close: (code) => socket.close(code),
      terminate: () => socket.terminate(),
    }
  }

  end(): void {
    this.#close()
    this.#socket.terminate()
  }

  #close(): void {
    this.#isOpen = false
    this.#options.gone()
  }

  #down(bytes: Bytes): void {
    if (!this.#isOpen) return
    const { memory, lieOf } = this.#options
    const honest = decode(wire.RelayFrameSchema, bytes)
    const frame = this.#placed(honest)
    memory.keepOfRelay(honest)
    const said = lieOf((lie, random): readonly Bytes[] | undefined => {
      if (lie.bytes !== undefined) return [lie.bytes(bytes, random)]
      return lie.down?.(frame, this.#side(random))?.map(encoded)
    })
    for (const each of said ?? [frame === honest ? bytes : encoded(frame)]) this.#socket.send(each)
  }

  #up(bytes: Uint8Array | undefined, hear: (frame: Uint8Array | undefined) => void): void {
    if (!this.#isOpen) return
    if (bytes === undefined) {
      hear(bytes)
      return
    }
    const { memory, lieOf } = this.#options
    const frame = decode(wire.ClientFrameSchema, bytes)
    memory.keepOfClient(frame)
    if (frame.kind.case === 'acknowledge') {
      const { epoch, seq } = frame.kind.value
      const honest = seq - this.#shift
      const value = {
        epoch: epoch - this.#epochShift,
        seq: honest < this.#honestSeq ? honest : this.#honestSeq,
      }
      if (value.seq > 0n)
        hear(encode(wire.ClientFrameSchema, { kind: { case: 'acknowledge', value } }))
      return
    }
    const said = lieOf((lie, random) => lie.up?.(frame, this.#side(random)))
    if (said === undefined) hear(bytes)
    for (const each of said ?? []) hear(encodedUp(each))
  }

  /** With the places that this connection tells of. */
  #placed(frame: wire.RelayFrame): wire.RelayFrame {
    const { kind } = frame
    if (kind.case !== 'deliver' && kind.case !== 'gap') return frame
    this.#honestSeq = kind.value.seq
    if (this.#shift === 0n) return frame
    const seq = kind.value.seq + this.#shift
    return { ...frame, kind: { ...kind, value: { ...kind.value, seq } } as typeof kind }
  }

  #side(random: Prng): Side {
    const { memory, scheduler, swapped } = this.#options
    return {
      random,
      memory,
      later: (delayMs, frames) => {
        scheduler.after(delayMs, () => this.#say(frames))
      },
      answer: (frames) => this.#say(frames),
      shift: (places) => {
        this.#shift += BigInt(places)
      },
      epochAhead: (by) => {
        this.#epochShift = by
      },
      misled: (owner, given) => swapped(hex(owner), hex(given)),
    }
  }

  #say(frames: readonly RelayFrameInit[]): void {
    if (this.#isOpen) for (const frame of frames) this.#socket.send(encoded(frame))
  }
}

function encoded(frame: RelayFrameInit): Bytes {
  return encode(wire.RelayFrameSchema, frame)
}

function encodedUp(frame: ClientFrameInit): Bytes {
  return encode(wire.ClientFrameSchema, frame)
}
