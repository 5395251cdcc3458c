import { BUCKET_BYTES, type Bytes } from '@sotto/protocol'
import type { Context } from '../context.js'
import type { MailboxState, Waiting, WaitingPage } from '../store/port.js'
import { CLOSE } from './close-codes.js'
import type { Connection } from './connection.js'
import { QUEUE_EMPTY_FRAME, waitingFrame } from './frames.js'

/** Rows read from the store at once. */
const PAGE_ENVELOPES_MAX = 64

/**
 * Brings a mailbox to its device: in order, never more in flight than the window, nothing forgotten
 * that was not acknowledged on this socket after it was delivered on it.
 */
export class Delivery {
  readonly #context: Context
  readonly #connection: Connection
  readonly #mailbox: Bytes
  /** What waited when the device connected ends here. */
  readonly #waitedUpTo: number
  #emptyTold = false
  #deliveredSeq: number
  #acknowledgedSeq: number
  #forgottenSeq: number
  #forgetting = false
  #delivering = false
  /** There may be rows above #deliveredSeq. */
  #more = false
  /** Delivered and not acknowledged, oldest first, from #oldest on. */
  #inFlight: { readonly seq: number; readonly bytes: number }[] = []
  #oldest = 0
  #inFlightBytes = 0

  constructor(options: {
    readonly context: Context
    readonly connection: Connection
    readonly mailbox: Bytes
    readonly state: MailboxState
  }) {
    this.#context = options.context
    this.#connection = options.connection
    this.#mailbox = options.mailbox
    this.#waitedUpTo = options.state.head
    this.#deliveredSeq = options.state.acknowledged
    this.#acknowledgedSeq = options.state.acknowledged
    this.#forgottenSeq = options.state.acknowledged
  }

  /** There is something new; `row` is it, where it is at hand. It is committed already. */
  ring(row: Waiting | undefined): void {
    if (row !== undefined && this.#isNext(row)) {
      this.#deliver(row)
      return
    }
    this.#more = true
    void this.#run()
  }

  /** There may be room again for what waits. */
  resume(): void {
    if (this.#more) void this.#run()
  }

  /** False when the device acknowledges what was not delivered on this socket. */
  acknowledge(acknowledged: { readonly epoch: number; readonly seq: number }): boolean {
    const { epoch, seq } = acknowledged
    if (epoch !== this.#context.epoch || seq > this.#deliveredSeq) return false
    if (seq <= this.#acknowledgedSeq) return true
    this.#acknowledgedSeq = seq
    this.#makeRoom(seq)
    void this.#forget()
    this.resume()
    return true
  }

  /** Whether nothing else comes before it. */
  #isNext(row: Waiting): boolean {
    const isCaughtUp = this.#emptyTold && !this.#more && !this.#delivering
    return isCaughtUp && row.seq === this.#deliveredSeq + 1 && this.#hasRoom()
  }

  async #run(): Promise<void> {
    if (this.#delivering) return
    this.#delivering = true
    try {
      while (this.#more && this.#hasRoom()) await this.#deliverPage()
    } catch {
      // The store does not answer. The device comes again; until then nothing is lost.
      this.#connection.close(CLOSE.tryAgain)
    } finally {
      this.#delivering = false
    }
  }

  async #deliverPage(): Promise<void> {
    this.#more = false
    const { rows, more } = await this.#listWaiting()
    if (more) this.#more = true
    if (!this.#connection.isOpen) return
    for (const row of rows) this.#deliver(row)
    this.#tellEmpty(rows.length === 0)
  }

  async #listWaiting(): Promise<WaitingPage> {
    const { limits, store, commits } = this.#context
    const query = {
      mailbox: this.#mailbox,
      afterSeq: this.#deliveredSeq,
      envelopesMax: Math.min(PAGE_ENVELOPES_MAX, limits.windowEnvelopes - this.#inFlightCount()),
      bytesMax: limits.windowBytes - this.#inFlightBytes,
    }
    const page = await store.listWaiting(query)
    const last = page.rows.at(-1)
    if (last === undefined || !page.rows.some(isOpenGap)) return page
    // What is lost from now on is counted in a gap of its own.
    await commits.change('close-gaps', { mailbox: this.#mailbox, seq: last.seq })
    return store.listWaiting(query)
  }

  #deliver(waiting: Waiting): void {
    const bytes = waiting.kind === 'envelope' ? waiting.body.length : 0
    this.#inFlight.push({ seq: waiting.seq, bytes })
    this.#inFlightBytes += bytes
    this.#deliveredSeq = waiting.seq
    this.#context.meters.delivered(bytes)
    this.#connection.send(waitingFrame(waiting))
  }

  #tellEmpty(nothingWaits: boolean): void {
    if (this.#emptyTold) return
    if (!nothingWaits && this.#deliveredSeq < this.#waitedUpTo) return
    this.#emptyTold = true
    this.#connection.send(QUEUE_EMPTY_FRAME)
  }

  #hasRoom(): boolean {
    return (
      this.#connection.isOpen &&
      !this.#connection.isBuffered &&
      this.#inFlightCount() < this.#context.limits.windowEnvelopes &&
      // Room for the largest there is, so that whatever is next fits.
      this.#inFlightBytes + BUCKET_BYTES[3] <= this.#context.limits.windowBytes
    )
  }

  #inFlightCount(): number {
    return this.#inFlight.length - this.#oldest
  }

  #makeRoom(seq: number): void {
    for (let next = this.#inFlight[this.#oldest]; next !== undefined && next.seq <= seq;) {
      this.#inFlightBytes -= next.bytes
      next = this.#inFlight[++this.#oldest]
    }
    if (this.#oldest < this.#inFlight.length && this.#oldest < PAGE_ENVELOPES_MAX) return
    this.#inFlight = this.#inFlight.slice(this.#oldest)
    this.#oldest = 0
  }

  /** One operation at a time: acknowledgements that come meanwhile are one more together. */
  async #forget(): Promise<void> {
    if (this.#forgetting) return
    this.#forgetting = true
    try {
      while (this.#forgottenSeq < this.#acknowledgedSeq) {
        const seq = this.#acknowledgedSeq
        await this.#context.commits.change('acknowledge', { mailbox: this.#mailbox, seq })
        this.#forgottenSeq = seq
      }
    } catch {
      // Not forgotten: delivered again at the next connection, which the device is ready for.
    } finally {
      this.#forgetting = false
    }
  }
}

function isOpenGap(waiting: Waiting): boolean {
  return waiting.kind === 'gap' && !waiting.closed
}
