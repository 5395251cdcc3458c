import { ProtocolError } from '@sotto/protocol'

/** The longest question: one message at its longest is a fiftieth of it. */
export const QUESTION_BYTES_MAX = 4 * 1024 * 1024
/** The longest answer: a page of a thousand of the longest messages. */
export const ANSWER_BYTES_MAX = 64 * 1024 * 1024

const LINE_END = 10

/** Cuts what comes in pieces into lines of at most `bytesMax`, without their ends. */
export class Frames {
  readonly #bytesMax: number
  readonly #pieces: Uint8Array[] = []
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /**
   * The lines that `chunk` completes, one after the other; empty ones are passed over. Throws
   * `wire/malformed` at a line that is too long, complete or not; then there is no next one.
   */
  *take(chunk: Uint8Array): Generator<Uint8Array> {
    for (let rest = chunk; rest.length > 0;) {
      const end = rest.indexOf(LINE_END)
      const piece = end < 0 ? rest : rest.subarray(0, end)
      this.#bytes += piece.length
      if (this.#bytes > this.#bytesMax)
        throw new ProtocolError('wire/malformed', 'a line is too long')
      this.#pieces.push(piece)
      if (end < 0) return
      const line = this.#join()
      if (line.length > 0) yield line
      rest = rest.subarray(end + 1)
    }
  }

  #join(): Uint8Array {
    const pieces = this.#pieces.splice(0)
    this.#bytes = 0
    const [only] = pieces
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
  }
}
