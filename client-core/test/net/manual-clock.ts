import type { Clock, Random } from '../../src/ports.js'

interface Timer {
  readonly dueMs: number
  readonly wake: () => void
}

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  #monotonicMs = 1_000
  #wallMs: number
  #timers: Timer[] = []

  constructor(wallMs = Date.UTC(2026, 0, 1)) {
    this.#wallMs = wallMs
  }

  nowMs(): number {
    return this.#wallMs
  }

  monotonicMs(): number {
    return this.#monotonicMs
  }

  after(delayMs: number, wake: () => void): () => void {
    const timer = { dueMs: this.#monotonicMs + delayMs, wake }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer)
    }
  }

  /** Timers that wait, in milliseconds from now, soonest first. */
  get waitingMs(): readonly number[] {
    return this.#timers.map(({ dueMs }) => dueMs - this.#monotonicMs).sort((a, b) => a - b)
  }

  /** Moves on, waking whoever is due on the way, in order. */
  advance(byMs: number): void {
    const endMs = this.#monotonicMs + byMs
    for (let timer = this.#nextDue(endMs); timer !== undefined; timer = this.#nextDue(endMs)) {
      const due = timer
      this.#timers = this.#timers.filter((each) => each !== due)
      this.#moveTo(due.dueMs)
      due.wake()
    }
    this.#moveTo(endMs)
  }

  /** The wall clock is set to another time; time goes on as before. */
  jump(byMs: number): void {
    this.#wallMs += byMs
  }

  #nextDue(endMs: number): Timer | undefined {
    return this.#timers
      .filter(({ dueMs }) => dueMs <= endMs)
      .sort((a, b) => a.dueMs - b.dueMs)
      .at(0)
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs
    this.#monotonicMs = monotonicMs
  }
}

/** Randomness that a test has chosen. */
export function fixedRandom(fraction: number): Random {
  return { bytes: (length) => new Uint8Array(length), fraction: () => fraction }
}
