import type { Random } from '../ports.js'

/**
 * An epoch that no restore has begun before, whatever the backup says: whoever puts the same one
 * back twice would begin the same epoch twice by counting on from it. Seconds since 1970, then 20
 * random bits for clocks that go back; below 2^53 until the year 2242.
 */
export function epochAt(nowMs: number, random: Random): number {
  const [a = 0, b = 0, c = 0] = random(3)
  return Math.floor(nowMs / 1000) * 2 ** 20 + (((a << 16) | (b << 8) | c) & 0xfffff)
}
