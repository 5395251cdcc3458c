import type { Bytes } from '@sotto/protocol'
import type { CloseCode } from './close-codes.js'

/** What carries the frames of one client: a WebSocket, or what a simulation has in its place. */
export interface ClientSocket {
  /** Sent and not yet gone out. */
  readonly bufferedBytes: number
  /** Frames of one turn of the event loop go out together. */
  send(frame: Bytes): void
  /** Undefined: something that is no binary message. */
  onMessage(listener: (frame: Uint8Array | undefined) => void): void
  /** The peer answered a `ping`. */
  onPong(listener: () => void): void
  /** Called once, however it ended. */
  onClose(listener: () => void): void
  /** Whenever everything sent so far has gone out. */
  onDrain(listener: () => void): void
  /** Nothing more is read until `resume`. */
  pause(): void
  resume(): void
  ping(): void
  close(code: CloseCode): void
  /** At once, without a closing handshake. */
  terminate(): void
}
