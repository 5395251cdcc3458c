import type { EventObject } from '@sotto/client-core'
import { asSottoError, InputError, type SottoError } from '@sotto/protocol'

import type { Line } from '../lines.js'
import type { Bell } from './bell.js'
import type { ReceiveOptions } from './options.js'
import { BATCH_EVENTS, Printer } from './printer.js'

/** Printed and not acknowledged at most; then it waits. */
const CREDIT_EVENTS = BATCH_EVENTS

type ManualOptions = ReceiveOptions & {
  readonly acknowledgements: AsyncIterable<Line>
  /** Rung when an acknowledgement has come. */
  readonly bell: Bell
}

/**
 * A seq per line acknowledges what was printed up to and including it; nothing else moves the
 * cursor, so what was not acknowledged is printed again by the next run. The end of the lines ends
 * it. Throws `content/invalid` for a line that is no seq of what was printed.
 */
export class ManualPrinter extends Printer {
  readonly #acknowledgements: Acknowledgements
  #place = this.options.since
  /** Seqs that were printed and not acknowledged, in order. */
  #open: number[] = []

  constructor(options: ManualOptions) {
    super(options)
    this.#acknowledgements = new Acknowledgements(options)
  }

  get isAtRest(): boolean {
    return this.#open.length === 0
  }

  async printStored(): Promise<boolean> {
    const { client, consumer } = this.options
    for (;;) {
      if (await this.#acknowledge()) return true
      if (this.isEnough) return this.isAtRest
      const credit = CREDIT_EVENTS - this.#open.length
      if (credit === 0) return false
      const before = this.#place ?? (await client.call('events.cursor', { consumer }))
      const page = await client.call('events.list', { after: before, limit: credit })
      if (page.through === before) return false
      this.#place = await this.printPage(page)
    }
  }

  protected override noted({ seq }: EventObject): void {
    if (seq === undefined) return
    this.#open.push(seq)
    this.#acknowledgements.highest = seq
  }

  /** True when no more can come. */
  async #acknowledge(): Promise<boolean> {
    const { client, consumer } = this.options
    const { seq, end } = this.#acknowledgements.take()
    if (seq !== undefined) {
      await client.call('events.acknowledge', { consumer, seq })
      this.#open = this.#open.filter((each) => each > seq)
    }
    if (end.kind === 'failed') throw end.error
    return end.kind === 'ended'
  }
}

type End =
  | { readonly kind: 'open' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: SottoError }

/** The lines as they come, up to the first that is wrong. */
class Acknowledgements {
  /** The newest seq that was printed. */
  highest = 0
  readonly #bell: Bell
  #seq: number | undefined
  #end: End = { kind: 'open' }

  constructor({ acknowledgements, bell }: ManualOptions) {
    this.#bell = bell
    void this.#read(acknowledgements).then(
      () => this.#finish({ kind: 'ended' }),
      (thrown: unknown) => this.#finish({ kind: 'failed', error: asSottoError(thrown) }),
    )
  }

  /** The newest that came since, and whether more can come. */
  take(): { readonly seq: number | undefined; readonly end: End } {
    const taken = { seq: this.#seq, end: this.#end }
    this.#seq = undefined
    return taken
  }

  async #read(lines: AsyncIterable<Line>): Promise<void> {
    for await (const line of lines) {
      if ('error' in line) throw line.error
      this.#seq = Math.max(this.#seq ?? 0, this.#parse(line.text))
      this.#bell.ring()
    }
  }

  #finish(end: End): void {
    this.#end = end
    this.#bell.ring()
  }

  #parse(text: string): number {
    const seq = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (seq <= this.highest) return seq
    throw new InputError('content/invalid', `not the seq of a printed event: ${text}`, {
      fix: 'Acknowledge by the "seq" of an event that was printed, one a line. Nothing of this line was acknowledged.',
    })
  }
}
