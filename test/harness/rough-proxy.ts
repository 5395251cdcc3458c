import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

import { frameBytes, headBytes } from './websocket-bytes.js'
import type { Scope } from './temp-dir.js'

/** From the client to the relay, or back. */
export type Direction = 'up' | 'down'

/** The head of HTTP that opens a connection, or one WebSocket frame, as it was read. */
export interface Piece {
  readonly direction: Direction
  readonly isHead: boolean
  readonly bytes: Buffer
}

/** One connection through the proxy. */
export interface Passage {
  /** By the path that was asked for. */
  readonly door: 'identified' | 'anonymous' | 'other'
  /** From 1, in the order they came. */
  readonly number: number
  /** Everything the client has sent so far. */
  readonly sent: readonly Piece[]
  send(direction: Direction, bytes: Buffer): void
  /** Both ends hear of it: a reset, and no orderly close. */
  reset(): void
}

/** Decides what becomes of a piece. Nothing is sent on unless it does so. */
export type Road = (piece: Piece, passage: Passage) => void

export const smooth: Road = ({ direction, bytes }, passage) => {
  passage.send(direction, bytes)
}

export interface RoughProxy {
  readonly url: string
  readonly port: number
  /** How many connections there have been so far: the number of the last one. */
  readonly passages: number
  /** From now on everything goes this way; it begins smooth. */
  take(road: Road): void
}

/** A TCP proxy in front of a port of this machine that sees the frames of WebSockets. */
export async function startRoughProxy(scope: Scope, port: number): Promise<RoughProxy> {
  let road = smooth
  let count = 0
  const sockets = new Set<Socket>()
  const server = createServer((inward) => {
    const outward = connect(port, '127.0.0.1')
    for (const socket of [inward, outward]) {
      sockets.add(socket.setNoDelay(true))
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    }
    const passage = new SocketPassage(inward, outward, ++count)
    passage.listen((piece) => {
      road(piece, passage)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  scope.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port: own } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(own)}`,
    port: own,
    get passages() {
      return count
    },
    take: (next) => {
      road = next
    },
  }
}

class SocketPassage implements Passage {
  readonly number: number
  readonly sent: Piece[] = []
  door: Passage['door'] = 'other'
  readonly #ends: Readonly<Record<Direction, Socket>>

  constructor(inward: Socket, outward: Socket, number: number) {
    this.number = number
    this.#ends = { up: outward, down: inward }
  }

  /** What ends at one end ends at the other. */
  listen(hear: (piece: Piece) => void): void {
    const { up: outward, down: inward } = this.#ends
    this.#read('up', inward, hear)
    this.#read('down', outward, hear)
    inward.on('close', () => outward.destroy())
    outward.on('close', () => inward.destroy())
  }

  send(direction: Direction, bytes: Buffer): void {
    const end = this.#ends[direction]
    if (!end.destroyed && end.writable) end.write(bytes)
  }

  reset(): void {
    this.#ends.up.resetAndDestroy()
    this.#ends.down.resetAndDestroy()
  }

  #read(direction: Direction, from: Socket, hear: (piece: Piece) => void): void {
    let rest = Buffer.alloc(0)
    let isHead = true
    from.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk])
      for (;;) {
        const length = isHead ? headBytes(rest) : this.#partBytes(rest)
        if (length === undefined || length === 0) return
        const piece = { direction, isHead, bytes: rest.subarray(0, length) }
        rest = rest.subarray(length)
        if (direction === 'up') this.#note(piece)
        isHead = false
        hear(piece)
      }
    })
    from.on('end', () => this.#ends[direction].end())
  }

  /** What follows the head of another request than for a WebSocket goes as it comes. */
  #partBytes(rest: Buffer): number | undefined {
    return this.door === 'other' ? rest.length : frameBytes(rest)
  }

  #note(piece: Piece): void {
    if (piece.isHead) {
      const [, door] = / \/v1\/(identified|anonymous) /.exec(piece.bytes.toString('latin1')) ?? []
      if (door === 'identified' || door === 'anonymous') this.door = door
    }
    this.sent.push(piece)
  }
}
