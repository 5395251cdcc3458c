/** Why the relay closes a WebSocket; docs/PROTOCOL.md, "Error and close codes". */
export const CLOSE = {
  /** Too long unanswered, or nothing more to say. */
  normal: 1000,
  /** The relay is going away; a Drain came before. */
  restart: 1012,
  /** The store failed; try again. */
  tryAgain: 1013,
  /** A frame that does not parse, or is not allowed here. */
  invalid: 4400,
  unauthenticated: 4401,
  /** No valid Authenticate in time. */
  handshakeTimeout: 4408,
  /** The same device authenticated on another socket. */
  replaced: 4409,
  /** An anonymous connection has lived its ten minutes. */
  retired: 4410,
} as const

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE]
