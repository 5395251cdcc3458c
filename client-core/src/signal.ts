import type { MessageId } from '@sotto/protocol'
import type { Clock } from './ports.js'

interface Waiter {
  readonly wake: () => void
  /** What it waits for; undefined: anything. */
  readonly messages: readonly MessageId[] | undefined
}

/**
 * Wakes whoever waits, each time something may have changed. What changed is not said, but where it
 * concerns nothing but some messages, whoever waits for others sleeps on: with many sends under way
 * each would look at the store whenever another comes further.
 */
export class Signal {
  #waiters: Waiter[] = []

  /** `messages`: it concerns these and nothing else, as far as anybody waits for messages. */
  fire(messages?: readonly MessageId[]): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const waiter of waiters) {
      if (concerns(waiter, messages)) waiter.wake()
      else this.#waiters.push(waiter)
    }
  }

  /** Resolves at the next `fire`. */
  async next(): Promise<void> {
    await new Promise<void>((wake) => this.#waiters.push({ wake, messages: undefined }))
  }

  /** Resolves at the next `fire` that concerns `messages`, by default any, or when `ms` have passed. */
  async nextWithin(
    ms: number,
    clock: Pick<Clock, 'after'>,
    messages?: readonly MessageId[],
  ): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = clock.after(ms, () => {
        this.#waiters = this.#waiters.filter((each) => each !== waiter)
        resolve()
      })
      const wake = (): void => {
        cancel()
        resolve()
      }
      const waiter = { wake, messages }
      this.#waiters.push(waiter)
    })
  }
}

function concerns({ messages }: Waiter, changed: readonly MessageId[] | undefined): boolean {
  if (messages === undefined || changed === undefined) return true
  return messages.some((message) => changed.includes(message))
}
