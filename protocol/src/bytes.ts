import { base64Decode, base64Encode, getTextEncoding } from '@bufbuild/protobuf/wire'
import { assert } from './errors.js'

/** Bytes that own their buffer: what libsignal, SQLite and sockets all accept. */
export type Bytes = Uint8Array<ArrayBuffer>

const text = getTextEncoding()

export function utf8(value: string): Bytes {
  return text.encodeUtf8(value)
}

export function fromUtf8(bytes: Uint8Array): string {
  return text.decodeUtf8(bytes)
}

export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** A copy that owns its buffer; what comes out of a parser may be a view into a frame. */
export function ownBytes(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes)
}

/** Equal, in time that depends on the lengths only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0)
  return difference === 0
}

/** The order of their unsigned bytes, shorter first where one begins the other. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Unsigned, most significant byte first. */
export function uint32Bytes(value: number): Bytes {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/** Unsigned, most significant byte first. `value` is a safe integer. */
export function uint64Bytes(value: number): Bytes {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export function hex(bytes: Uint8Array): string {
  let digits = ''
  for (const byte of bytes) digits += HEX[byte] ?? ''
  return digits
}

/** Undefined where `digits` is not pairs of hexadecimal digits. */
export function fromHex(digits: string): Bytes | undefined {
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined
  const bytes = new Uint8Array(digits.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = parseInt(digits.slice(index * 2, index * 2 + 2), 16)
  }
  return bytes
}

/** base64url without padding (RFC 4648, section 5). */
export function base64url(bytes: Uint8Array): string {
  return base64Encode(bytes, 'url')
}

/** Undefined where `value` is not what base64url gives: bytes have one text only. */
export function fromBase64url(value: string): Bytes | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(value)) return undefined
  try {
    const bytes = base64Decode(value)
    return base64url(bytes) === value ? bytes : undefined
  } catch {
    return undefined // The library throws on a length that no bytes have.
  }
}

const REDACTED = '[secret]'

/** Key material: whatever prints it, prints `[secret]`. */
export class SecretBytes {
  readonly #bytes: Bytes
  #wiped = false

  constructor(bytes: Uint8Array) {
    this.#bytes = ownBytes(bytes)
  }

  /** The only copy from now on: `bytes` are zeros afterwards. */
  static take(bytes: Uint8Array): SecretBytes {
    const secret = new SecretBytes(bytes)
    bytes.fill(0)
    return secret
  }

  /** A bug once it was wiped: zeros must never be taken for a key. */
  reveal(): Bytes {
    assert(!this.#wiped, 'a secret is not used once it was wiped')
    return this.#bytes
  }

  /** Zeros, for a secret that has done its work. What was copied elsewhere is not reached. */
  wipe(): void {
    this.#wiped = true
    this.#bytes.fill(0)
  }

  toJSON(): string {
    return REDACTED
  }

  toString(): string {
    return REDACTED
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED
  }
}
