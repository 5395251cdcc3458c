export const REPLACEMENT = '\ufffd'

/**
 * UTF-8, one byte at a time, because a read of the terminal may end in the middle of a character.
 * What is no UTF-8 becomes U+FFFD as the Encoding Standard has it (one for each longest beginning of
 * a character), so nothing that was typed disappears without a trace.
 */
export class Utf8Decoder {
  #codePoint = 0
  #missing = 0
  /** Bounds of the next byte: they keep out overlong forms, surrogates and what is past U+10FFFF. */
  #lowest = 0x80
  #highest = 0xbf

  /** A character has begun and is not complete. */
  get pending(): boolean {
    return this.#missing > 0
  }

  /** What the byte completes; more than one string when it also ends a broken character. */
  push(byte: number): string {
    if (this.#missing === 0) return this.#begin(byte)
    if (byte < this.#lowest || byte > this.#highest) return this.flush() + this.#begin(byte)
    this.#codePoint = (this.#codePoint << 6) | (byte & 0x3f)
    this.#missing -= 1
    this.#lowest = 0x80
    this.#highest = 0xbf
    return this.#missing > 0 ? '' : String.fromCodePoint(this.#codePoint)
  }

  /** Nothing more comes: a character that has begun was broken. */
  flush(): string {
    if (this.#missing === 0) return ''
    this.#missing = 0
    this.#lowest = 0x80
    this.#highest = 0xbf
    return REPLACEMENT
  }

  #begin(byte: number): string {
    if (byte < 0x80) return String.fromCharCode(byte)
    if (byte >= 0xc2 && byte <= 0xdf) return this.#expect(1, byte & 0x1f)
    if (byte >= 0xe0 && byte <= 0xef) {
      if (byte === 0xe0) this.#lowest = 0xa0
      if (byte === 0xed) this.#highest = 0x9f
      return this.#expect(2, byte & 0x0f)
    }
    if (byte >= 0xf0 && byte <= 0xf4) {
      if (byte === 0xf0) this.#lowest = 0x90
      if (byte === 0xf4) this.#highest = 0x8f
      return this.#expect(3, byte & 0x07)
    }
    return REPLACEMENT
  }

  #expect(missing: number, bits: number): string {
    this.#missing = missing
    this.#codePoint = bits
    return ''
  }
}

/** All bytes at once; a byte-order mark stays, since somebody pasted it. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
