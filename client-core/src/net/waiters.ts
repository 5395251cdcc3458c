import type { SottoError } from '@sotto/protocol'
import type { Clock } from '../ports.js'

interface Waiter {
  /** Satisfied with one attempt. */
  readonly once: boolean
  readonly resolve: () => void
  readonly reject: (error: SottoError) => void
}

/** Who waits for a door to be online. */
export class Waiters {
  readonly #clock: Clock
  readonly #waiting = new Set<Waiter>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Rejects with what `late` says after `timeoutMs`; 0 waits for one attempt, however it ends. */
  wait(timeoutMs: number, late: () => SottoError): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        cancelTimer()
        this.#waiting.delete(waiter)
      }
      const waiter: Waiter = {
        once: timeoutMs <= 0,
        resolve: () => {
          settle()
          resolve()
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      }
      const cancelTimer = waiter.once
        ? () => undefined
        : this.#clock.after(timeoutMs, () => waiter.reject(late()))
      this.#waiting.add(waiter)
    })
  }

  online(): void {
    for (const waiter of [...this.#waiting]) waiter.resolve()
  }

  /** An attempt failed; there will be another. */
  attemptFailed(reason: SottoError): void {
    for (const waiter of [...this.#waiting]) if (waiter.once) waiter.reject(reason)
  }

  /** There will be no other attempt. */
  ended(reason: SottoError): void {
    for (const waiter of [...this.#waiting]) waiter.reject(reason)
  }
}
