import { compareBytes, fromHex, hex, type Bytes } from './bytes.js'
import { assert, InputError } from './errors.js'

declare const brand: unique symbol
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name }

/** A UUIDv8 in its text form, lower case; see account-id.ts for how it is made. */
export type AccountId = Branded<string, 'AccountId'>
/** 1..127: a device of an account. */
export type DeviceId = Branded<number, 'DeviceId'>
/** 1..16383: changes when a device is set up anew, so that nobody seals for sessions it has lost. */
export type RegistrationId = Branded<number, 'RegistrationId'>
/** `m_` and 26 characters of Crockford base32: 48 bits of Unix milliseconds, 80 random bits. */
export type MessageId = Branded<string, 'MessageId'>
/** `c_` and 26 characters; the same on every device of an account. */
export type ConversationId = Branded<string, 'ConversationId'>
/** `e_` and 26 characters: journal id and seq of an event. */
export type EventId = Branded<string, 'EventId'>

export const ACCOUNT_ID_BYTES = 16
export const DEVICE_ID_MAX = 127
export const REGISTRATION_ID_MAX = 0x3fff
export const MESSAGE_ID_BYTES = 16
export const MESSAGE_ID_RANDOM_BYTES = 10
export const ROUTE_BYTES = 16
export const ACCESS_KEY_BYTES = 16
export const IDEMPOTENCY_KEY_BYTES = 16
export const IDENTITY_KEY_BYTES = 33
export const DEVICE_KEY_BYTES = 32
export const USERNAME_HASH_BYTES = 32
export const SHA256_BYTES = 32
export const CHALLENGE_NONCE_BYTES = 32

export function parseAccountId(value: unknown): AccountId {
  if (
    typeof value !== 'string' ||
    !/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(value)
  ) {
    throw new InputError('content/invalid', 'not an account id', {
      fix: 'An account id is a UUID of version 8.',
    })
  }
  return value as AccountId
}

export function accountIdBytes(account: AccountId): Bytes {
  const bytes = fromHex(account.replaceAll('-', ''))
  if (bytes?.length !== ACCOUNT_ID_BYTES)
    throw new InputError('content/invalid', 'not an account id')
  return bytes
}

export function accountIdFromBytes(bytes: Uint8Array): AccountId {
  if (bytes.length !== ACCOUNT_ID_BYTES)
    throw new InputError('content/invalid', 'an account id has 16 bytes')
  const digits = hex(bytes)
  return parseAccountId(
    [
      digits.slice(0, 8),
      digits.slice(8, 12),
      digits.slice(12, 16),
      digits.slice(16, 20),
      digits.slice(20),
    ].join('-'),
  )
}

export function parseDeviceId(value: unknown): DeviceId {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > DEVICE_ID_MAX) {
    throw new InputError('content/invalid', 'device id out of range', {
      fix: 'A device is a whole number from 1 to 127.',
    })
  }
  return value as DeviceId
}

export function parseRegistrationId(value: unknown): RegistrationId {
  if (
    typeof value !== 'number' ||
    !Number.isInteger(value) ||
    value < 1 ||
    value > REGISTRATION_ID_MAX
  ) {
    throw new InputError('content/invalid', 'registration id out of range')
  }
  return value as RegistrationId
}

/** The first device of an account. */
export const FIRST_DEVICE = 1 as DeviceId

/** 16 bytes that sort by the time they were made. `random` gives 10 bytes. */
export function makeMessageId(options: {
  readonly nowMs: number
  readonly random: Uint8Array
}): MessageId {
  assert(options.random.length === MESSAGE_ID_RANDOM_BYTES, 'a message id has 80 random bits')
  const bytes = new Uint8Array(MESSAGE_ID_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(options.nowMs / 2 ** 32) & 0xffff)
  view.setUint32(2, options.nowMs % 2 ** 32)
  bytes.set(options.random, MESSAGE_ID_BYTES - MESSAGE_ID_RANDOM_BYTES)
  return messageIdFromBytes(bytes)
}

export function messageIdFromBytes(bytes: Uint8Array): MessageId {
  return `m_${base32From16(bytes)}` as MessageId
}

export function messageIdBytes(id: MessageId): Bytes {
  return base32To16(id.slice(2))
}

export function parseMessageId(value: string): MessageId {
  if (!value.startsWith('m_'))
    throw new InputError('content/invalid', 'a message id begins with m_')
  base32To16(value.slice(2))
  return value as MessageId
}

/** `hash` is 16 bytes or longer; the first 16 are used. */
export function conversationIdFromHash(hash: Uint8Array): ConversationId {
  return `c_${base32From16(hash.subarray(0, 16))}` as ConversationId
}

export function parseConversationId(value: string): ConversationId {
  if (!value.startsWith('c_'))
    throw new InputError('content/invalid', 'a conversation id begins with c_')
  base32To16(value.slice(2))
  return value as ConversationId
}

/** `journal` is the journal's 8-byte id: a restored journal has another. */
export function eventId(journal: Uint8Array, seq: number): EventId {
  const bytes = new Uint8Array(16)
  bytes.set(journal.subarray(0, 8))
  new DataView(bytes.buffer).setBigUint64(8, BigInt(seq))
  return `e_${base32From16(bytes)}` as EventId
}

export function compareAccountIds(a: AccountId, b: AccountId): number {
  return compareBytes(accountIdBytes(a), accountIdBytes(b))
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function base32From16(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new InputError('content/invalid', 'an id has 16 bytes')
  let text = ''
  let [bits, count] = [0, 2] // 26 digits are 130 bits: two zeros come first.
  for (const byte of bytes) {
    bits = (bits << 8) | byte
    for (count += 8; count >= 5; count -= 5) text += CROCKFORD[(bits >>> (count - 5)) & 31] ?? ''
    bits &= 31
  }
  return text
}

function base32To16(text: string): Bytes {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text))
    throw new InputError('content/invalid', 'not an id')
  const bytes = new Uint8Array(16)
  let [bits, count, index] = [0, -2, 0] // The first two bits are zeros that belong to no byte.
  for (const character of text) {
    bits = ((bits << 5) | CROCKFORD.indexOf(character)) & 0xfff
    count += 5
    if (count < 8) continue
    count -= 8
    bytes[index++] = bits >>> count
  }
  return bytes
}
