import type { EventObject } from '@sotto/client-core'

import { Bell } from './bell.js'
import { isChosen } from './choice.js'
import type { ReceiveOptions } from './options.js'
import { waitForRelay } from './wait-for-relay.js'

/** Events that are not stored and wait to be printed; a reader that is slower misses some. */
const PASSING_MAX = 1000

/** What a receive waits for: the relay, new events, the end of its time. */
export class Watch {
  readonly bell = new Bell()
  /** Settles when the wait is over; throws what it ended with. */
  readonly waited: Promise<void>
  #over = false
  readonly #passing: EventObject[] = []
  readonly #unsubscribe: () => void
  readonly #leaving = new AbortController()

  constructor(options: ReceiveOptions) {
    this.#unsubscribe = options.client.subscribe((event) => {
      if (event.seq === undefined && isChosen(event, options.choice)) this.#keep(event)
      this.bell.ring()
    })
    this.waited = waitForRelay({ ...options, signal: this.#leaving.signal }).finally(() => {
      this.#over = true
      this.bell.ring()
    })
    // Its failure is met when everything on disk is printed.
    this.waited.catch(() => undefined)
  }

  get isOver(): boolean {
    return this.#over
  }

  takePassing(): readonly EventObject[] {
    return this.#passing.splice(0)
  }

  leave(): void {
    this.#leaving.abort()
    this.#unsubscribe()
  }

  #keep(event: EventObject): void {
    this.#passing.push(event)
    if (this.#passing.length > PASSING_MAX) this.#passing.shift()
  }
}
