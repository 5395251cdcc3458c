/**
 * So many envelopes are opened between two collections. Each leaves some 5 KB behind; a collection
 * takes some 15 ms, a twentieth of the time that so many take.
 */
const OPENED_MAX = 512

/**
 * What opened envelopes have left in the memory of a thread. libsignal's objects are a few bytes to V8
 * and hold kilobytes that it does not see, and none of those is let go before a full collection, so
 * that V8 by itself would let a backlog fill the memory.
 */
export class Garbage {
  readonly #collect: () => Promise<void>
  #opened = 0

  constructor(collect: () => Promise<void> = collectGarbage) {
    this.#collect = collect
  }

  /** So many more envelopes were opened. Resolves when what they left is collected, or may stay. */
  async add(opened: number): Promise<void> {
    this.#opened += opened
    if (this.#opened < OPENED_MAX) return
    this.#opened = 0
    await this.#collect()
  }
}

let collector: (() => void) | undefined

/** Collects all garbage of this thread. */
export async function collectGarbage(): Promise<void> {
  collector ??= await findCollector()
  collector()
}

/** V8 hands it to a context that is made under a flag, which is not left set. */
async function findCollector(): Promise<() => void> {
  const { setFlagsFromString } = await import('node:v8') // Seldom wanted.
  const { runInNewContext } = await import('node:vm')
  setFlagsFromString('--expose-gc')
  try {
    // V8's own function, which nothing types; an engine that has none collects when it likes.
    const gc = runInNewContext('globalThis.gc') as (() => void) | undefined
    return () => gc?.()
  } finally {
    setFlagsFromString('--no-expose-gc')
  }
}
