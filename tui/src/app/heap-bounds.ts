import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** By then the parts of the program that every session needs are loaded. */
const AFTER_MS = 2_000

/**
 * Holds V8 to what a screen needs that is open for days. What it sets aside for new objects it doubles
 * wherever much survives, as every page and every message does, up to 3 × 16 MiB, and seldom gives it
 * back. What survives it lets grow fourfold before it looks for what has died, and what libsignal holds
 * for it grows meanwhile, unseen: from here on by half. What lives is moved together each time, for with
 * the minutes its pages become half empty. The flags are read at each collection. They are part of what
 * a code cache is checked by: what is loaded afterwards for the first time is compiled, which is why
 * they are not set at once.
 */
export class HeapBounds {
  readonly #timer: NodeJS.Timeout

  constructor(afterMs = AFTER_MS) {
    this.#timer = setTimeout(bound, afterMs)
    this.#timer.unref()
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}

/** The limits hold from the next collection on, which would come a minute and 30 MiB later. */
function bound(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=50')
  setFlagsFromString('--compact-on-every-full-gc')
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
  setFlagsFromString('--no-expose-gc')
}
