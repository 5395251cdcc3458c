import { ProtocolError } from '@sotto/protocol'
import { TIME_MS_MAX } from '../times.js'
import type { Clock } from '../ports.js'

/**
 * What time it is at the relay: its last word plus the monotonic clock, so that a local clock that
 * is wrong, or jumps, expires nothing.
 */
export class RelayClock {
  readonly #clock: Clock
  #sample: { readonly relayMs: number; readonly monotonicMs: number } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The relay has just said that it is `relayMs`. */
  observe(relayMs: number): void {
    this.#sample = { relayMs, monotonicMs: this.#clock.monotonicMs() }
  }

  /** Whether the relay has spoken. */
  get isSet(): boolean {
    return this.#sample !== undefined
  }

  /** Whole Unix milliseconds at the relay; by the local clock until the relay has spoken once. */
  nowMs(): number {
    if (this.#sample === undefined) return this.#clock.nowMs()
    const sinceMs = this.#clock.monotonicMs() - this.#sample.monotonicMs
    return this.#sample.relayMs + Math.floor(sinceMs)
  }

  /** How far the local clock is ahead of the relay's; negative where it is behind. */
  skewMs(): number {
    return this.#clock.nowMs() - this.nowMs()
  }
}

/** A 64-bit field as a number. Throws `wire/malformed` beyond 2^53: no time or count is that large. */
export function parseUint64(value: bigint): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) {
    throw new ProtocolError('wire/malformed', 'a number on the wire is too large')
  }
  return number
}

/** A time as the relay tells it. Throws `wire/malformed` beyond what can be written down (RFC 3339). */
export function parseTimeMs(value: bigint): number {
  const timeMs = parseUint64(value)
  if (timeMs > TIME_MS_MAX)
    throw new ProtocolError('wire/malformed', 'a time on the wire is too late')
  return timeMs
}
