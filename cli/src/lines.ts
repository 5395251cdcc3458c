import type { Readable } from 'node:stream'

import { InputError, type SottoError } from '@sotto/protocol'

import { chunksOf } from './input-stream.js'

/** A line of stdin, counted from 1, without its end; or why it cannot be read. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly error: SottoError }

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/**
 * The lines of a stream, each as soon as it is there; `\r\n` ends a line too, and a last line needs
 * no end. One that is longer than `bytesMax` is passed over whole and never held, so that memory
 * stays flat whatever comes. Throws `file/unknown` where the stream cannot be read.
 */
export async function* readLines(stream: Readable, bytesMax: number): AsyncGenerator<Line, void> {
  const begun = new BegunLine(bytesMax)
  let number = 0
  for await (const chunk of chunksOf(stream, 'stdin')) {
    let from = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      begun.add(chunk.subarray(from, end))
      yield { number: ++number, ...begun.take() }
      from = end + 1
    }
    begun.add(chunk.subarray(from))
  }
  if (!begun.isEmpty) yield { number: ++number, ...begun.take() }
}

/** A line whose end has not come yet. */
class BegunLine {
  readonly #bytesMax: number
  #parts: Uint8Array[] = []
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get isEmpty(): boolean {
    return this.#bytes === 0
  }

  add(part: Uint8Array): void {
    this.#bytes += part.length
    if (this.#bytes > this.#bytesMax + 1)
      this.#parts = [] // 1: a carriage return.
    else if (part.length > 0) this.#parts.push(part)
  }

  take(): { readonly text: string } | { readonly error: SottoError } {
    const tooLong = this.#bytes > this.#bytesMax + 1
    const bytes = withoutReturn(Buffer.concat(this.#parts))
    this.#parts = []
    this.#bytes = 0
    if (tooLong || bytes.length > this.#bytesMax) return { error: tooLongLine(this.#bytesMax) }
    try {
      return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
    } catch (cause) {
      return { error: notText(cause) }
    }
  }
}

function withoutReturn(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes
}

function tooLongLine(bytesMax: number): InputError {
  return new InputError('content/too-large', 'the line is too long', {
    fix: `At most ${String(bytesMax)} bytes fit; nothing is cut off silently.`,
  })
}

function notText(cause: unknown): InputError {
  return new InputError('content/invalid', 'the line is not text in UTF-8', {
    cause,
    fix: 'Convert it first, for example: iconv -f latin1 -t utf-8',
  })
}
