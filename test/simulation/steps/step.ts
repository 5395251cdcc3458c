import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../spans.js'
import type { ClientHost } from '../client-host.js'
import type { Prng } from '../prng.js'
import type { World } from '../world.js'

/** One kind of thing that may happen, to whomever its randomness says. */
export interface StepKind {
  readonly name: string
  /** How often, beside the others. */
  readonly weight: number
  /** Makes it happen, and says to whom, and how much of it. */
  readonly run: (world: World, random: Prng) => string | Promise<string>
}

/** Somebody, and somebody else. */
export function pairOf(world: World, random: Prng): readonly [ClientHost, ClientHost] {
  const one = random.pick(world.clients)
  return [one, random.pick(world.clients.filter((client) => client !== one))]
}

export function durationOf(ms: number): string {
  const units = [
    ['d', DAY_MS],
    ['h', HOUR_MS],
    ['min', MINUTE_MS],
    ['s', SECOND_MS],
  ] as const
  const [unit, length] = units.find(([, length]) => Math.abs(ms) >= length) ?? ['ms', 1]
  return `${String(Math.round((ms / length) * 10) / 10)} ${unit}`
}
