import { BATCH_EVENTS, Printer } from './printer.js'

/** What was handed over is acknowledged, with what was left out before it. */
export class AutomaticPrinter extends Printer {
  /** With --since: where we stand, which need not be where the cursor does. */
  #place = this.options.since

  readonly isAtRest = true

  async printStored(): Promise<boolean> {
    const { client, consumer } = this.options
    for (;;) {
      const before = this.#place ?? (await client.call('events.cursor', { consumer }))
      const page = await client.call('events.list', { after: before, limit: BATCH_EVENTS })
      if (page.through === before) return false
      const seen = await this.printPage(page)
      // Only now: a crash above prints them again.
      await client.call('events.acknowledge', { consumer, seq: seen })
      if (this.#place !== undefined) this.#place = seen
      if (this.isEnough) return true
    }
  }
}
