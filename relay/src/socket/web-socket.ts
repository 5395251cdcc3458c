import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Bytes } from '@sotto/protocol'
import type { ClientSocket } from './client-socket.js'
import type { CloseCode } from './close-codes.js'

/** A WebSocket, written to once a turn. */
export class WebSocketOfStream implements ClientSocket {
  readonly #socket: WebSocket
  /** What carries it. */
  readonly #stream: Duplex
  #corked = false

  constructor(socket: WebSocket, stream: Duplex) {
    this.#socket = socket
    this.#stream = stream
    // A peer that vanishes or breaks the framing is told by ws itself; there is nobody to tell more.
    socket.on('error', () => undefined)
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  send(frame: Bytes): void {
    if (!this.#corked) {
      this.#corked = true
      this.#stream.cork()
      process.nextTick(() => {
        this.#corked = false
        this.#stream.uncork()
      })
    }
    this.#socket.send(frame)
  }

  onMessage(listener: (frame: Uint8Array | undefined) => void): void {
    this.#socket.on('message', (bytes: Buffer, isBinary) => listener(isBinary ? bytes : undefined))
  }

  onPong(listener: () => void): void {
    this.#socket.on('pong', listener)
  }

  onClose(listener: () => void): void {
    this.#socket.once('close', listener)
  }

  onDrain(listener: () => void): void {
    this.#stream.on('drain', listener)
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  ping(): void {
    this.#socket.ping()
  }

  close(code: CloseCode): void {
    this.#socket.close(code)
  }

  terminate(): void {
    this.#socket.terminate()
  }
}
