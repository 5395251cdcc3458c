import type { Bytes } from '@sotto/protocol'

/** The world, as arguments: tests and the simulation bring their own. */
export interface Clock {
  /** Unix milliseconds. */
  nowMs(): number
}

/** `bytes` random bytes. */
export type Random = (bytes: number) => Bytes

export const DAY_MS = 86_400_000

/** Days since 1970: as precise as the relay remembers when anybody did anything. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS)
}
