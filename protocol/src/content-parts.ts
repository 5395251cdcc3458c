import type { Reference as WireReference } from '#generated/content_pb.js'
import { ownBytes, type Bytes } from './bytes.js'
import { ProtocolError } from './errors.js'
import {
  accountIdBytes,
  accountIdFromBytes,
  messageIdBytes,
  messageIdFromBytes,
  type AccountId,
  type MessageId,
} from './ids.js'

/** A message by its author and id: the only way one message names another. */
export interface Reference {
  readonly author: AccountId
  readonly message: MessageId
}

export function wireReference(reference: Reference) {
  return { author: accountIdBytes(reference.author), messageId: messageIdBytes(reference.message) }
}

export function referenceOf(wire: WireReference): Reference {
  return { author: accountOf(wire.author), message: messageIdOf(wire.messageId) }
}

export function optional(bytes: Uint8Array, length: number): Bytes | undefined {
  return bytes.length === 0 ? undefined : sized(bytes, length)
}

export function sized(bytes: Uint8Array, length: number): Bytes {
  if (bytes.length !== length) throw malformed()
  return ownBytes(bytes)
}

/** The latest time that a Date can show (ECMA-262, "Time Values and Time Range"). */
const TIME_MS_MAX = 8_640_000_000_000_000n

export function timeOf(timeMs: bigint): number {
  if (timeMs > TIME_MS_MAX) throw malformed()
  return Number(timeMs)
}

export function messageIdOf(bytes: Uint8Array): MessageId {
  try {
    return messageIdFromBytes(bytes)
  } catch (cause) {
    throw malformed(cause)
  }
}

export function accountOf(bytes: Uint8Array): AccountId {
  try {
    return accountIdFromBytes(bytes)
  } catch (cause) {
    throw malformed(cause)
  }
}

export function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw malformed()
  return value
}

export function malformed(cause?: unknown): ProtocolError {
  return new ProtocolError('wire/malformed', 'the content is malformed', { cause })
}
