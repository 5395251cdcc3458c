import type { Bytes } from '@sotto/protocol'

/** The world, as arguments: tests and the simulation bring their own. */
export interface Clock {
  /** Unix milliseconds. */
  nowMs(): number
  /** Calls `wake` after `delayMs`; the answer cancels. Keeps no process alive by itself. */
  after(delayMs: number, wake: () => void): () => void
}

/** The clock of this machine. */
export const nodeClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, wake) => {
    const timer = setTimeout(wake, delayMs).unref()
    return () => clearTimeout(timer)
  },
}

/** `bytes` random bytes. */
export type Random = (bytes: number) => Bytes

export const DAY_MS = 86_400_000

/** Days since 1970: as precise as the relay remembers when anybody did anything. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS)
}
