import { Buffer } from 'node:buffer'

/** More than any passphrase may have. */
const BYTES_MAX = 1_100

export type SecretChange = 'type' | 'erase' | 'wipe'

/**
 * What is typed blindly, in one place that can be wiped; what is beyond the bound is dropped. The keys
 * themselves came as texts, which nobody can wipe: they go when memory is swept.
 */
export class SecretLine {
  readonly #buffer = Buffer.alloc(BYTES_MAX)
  #length = 0

  /** As keys ask for it; `text` is what was typed. */
  change(change: SecretChange, text: string): void {
    switch (change) {
      case 'type':
        this.type(text)
        return
      case 'erase':
        this.erase()
        return
      case 'wipe':
        this.wipe()
        return
    }
  }

  type(text: string): void {
    const bytes = Buffer.from(text.replace(/[\r\n]/g, ''))
    if (this.#length + bytes.length <= BYTES_MAX)
      this.#length += bytes.copy(this.#buffer, this.#length)
    bytes.fill(0)
  }

  /** The last character goes. */
  erase(): void {
    while (this.#length > 0 && isContinuation(this.#buffer[this.#length - 1])) this.#length--
    if (this.#length > 0) this.#length--
    this.#buffer.fill(0, this.#length)
  }

  /** All that was typed, for whoever wipes it; the line is empty afterwards. */
  take(): Uint8Array {
    const taken = Uint8Array.from(this.#buffer.subarray(0, this.#length))
    this.wipe()
    return taken
  }

  wipe(): void {
    this.#buffer.fill(0)
    this.#length = 0
  }
}

/** The bytes of a UTF-8 character after its first: 10xxxxxx. */
const isContinuation = (byte: number | undefined): boolean => ((byte ?? 0) & 0xc0) === 0x80
