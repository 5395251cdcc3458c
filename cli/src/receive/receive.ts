import type { EventObject } from '@sotto/client-core'
import { renderEvent } from '@sotto/tui'

import { Bell } from './bell.js'
import { isChosen } from './choice.js'
import type { ReceiveOptions } from './options.js'
import { waitForRelay } from './wait-for-relay.js'

/** Events read, printed and counted as seen together. */
const BATCH_EVENTS = 256
/** The consumer of `receive` without a name. */
const CONSUMER = 'default'

/**
 * Prints what the consumer has not seen: first what is on disk, then what the relay brings, until
 * the wait is over. The cursor follows only what was handed over, so that a reader that goes away,
 * or a death at any point, leads to the same events again and never to a lost one. Throws what the
 * wait ended with, after printing what there was.
 */
export async function receive(options: ReceiveOptions): Promise<void> {
  const bell = new Bell()
  const passing: EventObject[] = []
  const unsubscribe = options.client.subscribe((event) => {
    if (event.seq === undefined && isChosen(event, options.choice)) passing.push(event)
    bell.ring()
  })
  const leaving = new AbortController()
  const waiting = { over: false }
  const waited = waitForRelay({ ...options, signal: leaving.signal }).finally(() => {
    waiting.over = true
    bell.ring()
  })
  // Its failure is met below, when everything on disk is printed.
  waited.catch(() => undefined)
  const printer = new Printer(options)
  try {
    for (;;) {
      const { over } = waiting // Before printing: what was committed by then is printed.
      if ((await printer.printStored()) || printer.printPassing(passing.splice(0))) return
      if (over) break
      await bell.wait()
    }
    await waited
  } finally {
    leaving.abort()
    unsubscribe()
  }
}

/** Prints and counts; its methods answer whether that was enough. */
class Printer {
  readonly #options: ReceiveOptions
  #printed = 0

  constructor(options: ReceiveOptions) {
    this.#options = options
  }

  async printStored(): Promise<boolean> {
    const { client, output } = this.#options
    for (;;) {
      const before = await client.call('events.cursor', { consumer: CONSUMER })
      const page = await client.call('events.list', { after: before, limit: BATCH_EVENTS })
      if (page.through === before) return false
      let seen = page.through
      for (const event of page.events) {
        this.#print(event)
        if (!this.#isEnough()) continue
        seen = event.seq ?? seen
        break
      }
      await output.flush()
      // Only now: a crash above prints them again.
      await client.call('events.acknowledge', { consumer: CONSUMER, seq: seen })
      if (this.#isEnough()) return true
    }
  }

  printPassing(events: readonly EventObject[]): boolean {
    for (const event of events) {
      this.#print(event)
      if (this.#isEnough()) return true
    }
    return false
  }

  #print(event: EventObject): void {
    const { choice, output } = this.#options
    if (!isChosen(event, choice)) return
    output.result(event, (look) => renderEvent(event, look))
    this.#printed += 1
  }

  #isEnough(): boolean {
    return this.#printed === this.#options.max
  }
}
