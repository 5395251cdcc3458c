import { setFlagsFromString } from 'node:v8'

/** By then the parts of the program that every session needs are loaded. */
const AFTER_MS = 2_000

/**
 * Keeps what V8 sets aside for new objects at the size it has soon after the start. It doubles that
 * wherever much survives a collection, as every page and every message does, up to 3 × 16 MiB, and
 * seldom gives it back; a screen that is open for days has no use for it. The flag is read at each
 * collection, so that it holds from here on. It is part of what a code cache is checked by: what is
 * loaded afterwards for the first time is compiled, which is why it is not set at once.
 */
export class YoungSpace {
  readonly #timer: NodeJS.Timeout

  constructor(afterMs = AFTER_MS) {
    this.#timer = setTimeout(() => setFlagsFromString('--semi-space-growth-factor=1'), afterMs)
    this.#timer.unref()
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
