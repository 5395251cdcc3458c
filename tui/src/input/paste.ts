import { BoundedBytes } from './bounded-bytes.js'
import type { PasteEvent } from './events.js'
import { decodeUtf8 } from './utf8.js'

/** How much of one paste is kept. More than any message holds; the screen says what was left out. */
export const PASTE_BYTES_MAX = 4 * 1024 * 1024

const ESCAPE = 0x1b
/** CSI 201~ */
const END = Uint8Array.of(ESCAPE, 0x5b, 0x32, 0x30, 0x31, 0x7e)

/**
 * The inside of a bracketed paste: all bytes up to the end mark are text, whatever they look like.
 * There is no time limit: a paste over a slow line pauses.
 */
export class Paste {
  readonly #content = new BoundedBytes(PASTE_BYTES_MAX)
  /** How many bytes of the end mark have been seen. */
  #matched = 0

  /** Takes bytes from `start`; the index behind the end mark, or undefined when it has not come. */
  push(bytes: Uint8Array, start: number): number | undefined {
    let at = start
    while (at < bytes.length) {
      if (this.#matched === 0) {
        const mark = bytes.indexOf(ESCAPE, at)
        const end = mark < 0 ? bytes.length : mark
        this.#content.append(bytes.subarray(at, end))
        if (mark < 0) return undefined
        at = mark
      }
      if (bytes[at] !== END[this.#matched]) {
        // Only its first byte is an escape, so no other beginning can hide in what was matched.
        this.#content.append(END.subarray(0, this.#matched))
        this.#matched = 0
        continue
      }
      this.#matched += 1
      at += 1
      if (this.#matched === END.length) return at
    }
    return undefined
  }

  /** The paste as one event, once its end has come. */
  end(): PasteEvent {
    const { bytes, seen, truncated } = this.#content
    const whole = truncated ? bytes.subarray(0, characterBoundary(bytes)) : bytes
    return { kind: 'paste', text: decodeUtf8(whole), bytes: seen, truncated }
  }
}

/** Where the last character that may be cut begins, so that the cut itself adds no U+FFFD. */
function characterBoundary(bytes: Uint8Array): number {
  const isContinuation = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80
  let at = bytes.length
  while (at > 0 && bytes.length - at < 3 && isContinuation(at - 1)) at -= 1
  return (bytes[at - 1] ?? 0) >= 0xc0 ? at - 1 : bytes.length
}
