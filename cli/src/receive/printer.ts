import type { EventObject, JournalPage } from '@sotto/client-core'
import { renderEvent } from '@sotto/tui'

import { isChosen } from './choice.js'
import type { ReceiveOptions } from './options.js'

/** Events read, printed and flushed together at most. */
export const BATCH_EVENTS = 256

/** Prints and counts what was chosen; how the cursor follows is for those who extend it. */
export abstract class Printer {
  protected readonly options: ReceiveOptions
  #printed = 0

  constructor(options: ReceiveOptions) {
    this.options = options
  }

  get printed(): number {
    return this.#printed
  }

  /** Nothing is left to do when nothing more comes. */
  abstract get isAtRest(): boolean

  /** Prints what is stored; true when that was enough. */
  abstract printStored(): Promise<boolean>

  printPassing(events: readonly EventObject[]): boolean {
    for (const event of events) {
      this.#print(event)
      if (this.isEnough) return true
    }
    return false
  }

  protected get isEnough(): boolean {
    return this.#printed === this.options.max
  }

  /** Hands a page over and answers how far it was looked at: to its end, or to the last of `max`. */
  protected async printPage(page: JournalPage): Promise<number> {
    let seen = page.through
    for (const event of page.events) {
      if (this.#print(event)) this.noted(event)
      if (!this.isEnough) continue
      seen = event.seq ?? seen
      break
    }
    await this.options.output.flush() // A slow reader is waited for.
    return seen
  }

  /** Called for each stored event that was printed. */
  protected noted(_event: EventObject): void {
    // Nobody needs to know.
  }

  #print(event: EventObject): boolean {
    const { choice, output } = this.options
    if (!isChosen(event, choice)) return false
    output.result(event, (look) => renderEvent(event, look))
    this.#printed += 1
    return true
  }
}
