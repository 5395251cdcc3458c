import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  asSottoError,
  errorObject,
  OUTBOX_DAYS_MAX,
  StorageError,
  type AccountId,
  type ErrorCodeName,
  type MessageId,
  type SottoError,
} from '@sotto/protocol'
import type { Core } from '../core.js'
import { RECEIPT_DELAY_MS_MAX } from '../inbox/receipts.js'
import type { Signal } from '../signal.js'
import type { OutboxRow } from '../store/tables/outbox.js'
import { addToOutbox, createdMs } from './compose.js'
import { expired, recordAccepted, recordFailed } from './delivery.js'
import { answerPostponedErrors, RESET_MS_MIN } from './resend.js'
import { explainRefusal } from './refusal.js'
import { submitSealed, type Doors } from './submit-sealed.js'

const RETRY_BASE_MS = 1_000
const RETRY_MS_MAX = 5 * 60_000
/** However long a relay asks for, it is asked again after this long. */
const ASKED_MS_MAX = 15 * 60_000
/** A row that waits for longer was postponed by a clock that has gone back since. */
const WAIT_MS_MAX = ASKED_MS_MAX + RETRY_MS_MAX
const OUTBOX_MS_MAX = OUTBOX_DAYS_MAX * 24 * 60 * 60_000

/** After these the same bytes would fail again. */
const PERMANENT: ReadonlySet<ErrorCodeName> = new Set<ErrorCodeName>([
  'relay/refused',
  'identity/changed',
  'content/too-large',
  'wire/malformed',
  'bug/invariant',
])

/**
 * Empties the outbox: one row at a time and in order for each recipient, recipients side by side.
 * Holds no state that matters: what is to do stands in the outbox, and a new process goes on there.
 */
export class OutboxWorker {
  readonly #core: Core
  readonly #doors: Doors
  readonly #changed: Signal
  readonly #isCatchingUp: () => boolean
  readonly #fatal: (error: SottoError) => void
  readonly #draining = new Map<AccountId, Promise<void>>()
  readonly #lastErrors = new Map<number, SottoError>()
  /** Rows that the relay has and the store still holds, with the arrival that it gave. */
  readonly #accepted = new Map<OutboxRow, number | undefined>()
  #answering: Promise<void> | undefined
  #cancelTimer: () => void = () => undefined
  #stopped = false

  constructor(options: {
    readonly core: Core
    readonly doors: Doors
    /** Fired whenever a row was tried. */
    readonly changed: Signal
    /** A backlog is being opened: receipts gather meanwhile. Call `kick` when that ends. */
    readonly isCatchingUp: () => boolean
    /** The store cannot be used: nothing more is tried. */
    readonly fatal: (error: SottoError) => void
  }) {
    this.#core = options.core
    this.#doors = options.doors
    this.#changed = options.changed
    this.#isCatchingUp = options.isCatchingUp
    this.#fatal = options.fatal
  }

  /** Looks at what is due and works on it. Cheap; call it after anything that may have made work. */
  kick(): void {
    if (this.#stopped) return
    try {
      this.#queueDueReceipts()
      this.#answerPostponed()
      for (const recipient of this.#core.store.read.outbox.recipients()) this.#drain(recipient)
      this.#schedule()
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  /**
   * The relay has just been reached, or somebody asks for an attempt now: what waited for its next one
   * goes, and what became of the last counts no more.
   */
  hasten(): void {
    if (this.#stopped) return
    this.#lastErrors.clear()
    this.#core.store.transact((tx) => {
      tx.outbox.hasten()
    })
    this.kick()
  }

  /** Why the row was not accepted when it was tried last in this process. */
  lastError(row: number): SottoError | undefined {
    return this.#lastErrors.get(row)
  }

  /** Whether the relay has the message, though the store does not say so yet. */
  isAccepted(message: MessageId): boolean {
    return [...this.#accepted.keys()].some((row) => row.message === message)
  }

  /**
   * tx3 of what the relay has. Call it before anything is read for somebody: who was told that a
   * message is accepted must find it so. Throws storage faults; then it is still to be done.
   */
  recordAccepted(): void {
    for (const row of this.#accepted.keys()) this.#record(row)
  }

  /** Nothing is being tried, no receipt waits, and every row has been tried at least once. */
  isSettled(): boolean {
    const { outbox } = this.#core.store.read
    if (this.#draining.size > 0 || outbox.nextReceiptMs() !== undefined) return false
    return outbox.recipients().every((recipient) => {
      const row = outbox.oldestOf(recipient)
      return row === undefined || this.#lastErrors.has(row.row)
    })
  }

  /** Ends after what is being tried has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelTimer()
    await Promise.all([...this.#draining.values(), this.#answering])
  }

  #drain(recipient: AccountId): void {
    if (this.#draining.has(recipient)) return
    const work = this.#drainInOrder(recipient)
      .then(() => {
        this.#draining.delete(recipient)
        if (!this.#stopped) this.#schedule()
      })
      .catch((thrown: unknown) => {
        this.#draining.delete(recipient)
        this.#fail(thrown)
      })
      .finally(() => this.#changed.fire())
    this.#draining.set(recipient, work)
  }

  #fail(thrown: unknown): void {
    this.#stopped = true
    this.#cancelTimer()
    this.#fatal(asSottoError(thrown))
  }

  async #drainInOrder(recipient: AccountId): Promise<void> {
    while (!this.#stopped) {
      const row = this.#core.store.read.outbox.oldestOf(recipient)
      if (row === undefined || this.#waitMs(row) > 0) return
      const done = await this.#try(row)
      // What became of an attempt that failed tells those behind it, too, that they wait in vain.
      this.#changed.fire(done ? messagesOf(row) : undefined)
      if (!done) return
    }
  }

  /** True when the row is off the outbox, one way or the other. Throws storage faults. */
  async #try(row: OutboxRow): Promise<boolean> {
    const core = this.#core
    try {
      if (isTooOld(core, row)) throw expired()
      // Its greeting says what time it is: nothing is sealed or given up by a clock of our own.
      await this.#doors.anonymous.reach(row.recipient)
      if (isTooOld(core, row)) throw expired()
      const arrivalMs = await submitSealed(core, this.#doors, row)
      await this.#accept(row, arrivalMs)
      this.#lastErrors.delete(row.row)
      core.ports.log.debug('outbox.accepted', { envelopes: 1 })
      return true
    } catch (thrown) {
      const error = await this.#explained(row, asSottoError(thrown))
      if (error instanceof StorageError) throw error
      if (core.store.read.outbox.row(row.row) === undefined) {
        this.#lastErrors.delete(row.row) // Taken back meanwhile: nobody waits for it.
        return true
      }
      if (PERMANENT.has(error.code) || error.code === 'message/expired') {
        recordFailed(core, row, error)
        this.#lastErrors.delete(row.row)
        return true
      }
      this.#lastErrors.set(row.row, error)
      this.#postpone(row, error)
      return false
    }
  }

  /**
   * The relay has it durably: whoever waits is told first, and does not wait for a disk that has
   * nothing to add. If we die before tx3, the same bytes are submitted again.
   */
  async #accept(row: OutboxRow, arrivalMs: number | undefined): Promise<void> {
    this.#accepted.set(row, arrivalMs)
    this.#changed.fire(messagesOf(row))
    await nextTurn()
    this.#core.ports.crashpoint('send.answered')
    try {
      this.#record(row)
    } finally {
      this.#accepted.delete(row)
    }
  }

  /** Once, whoever comes first. */
  #record(row: OutboxRow): void {
    if (!this.#accepted.has(row)) return
    recordAccepted(this.#core, row, this.#accepted.get(row))
    this.#accepted.delete(row)
  }

  /** Why a row was not accepted; for one that was refused, after the relay was asked once more. */
  async #explained(row: OutboxRow, error: SottoError): Promise<SottoError> {
    return explainRefusal(this.#core, this.#doors.anonymous, { row, error }).catch(asSottoError)
  }

  /** Exponential with full jitter, at least what the relay asked for. */
  #postpone(row: OutboxRow, error: SottoError): void {
    const { clock, random, log } = this.#core.ports
    const ceiling = Math.min(RETRY_MS_MAX, RETRY_BASE_MS * 2 ** Math.min(row.attempts, 16))
    const askedMs = Math.min(ASKED_MS_MAX, error.retryAfterMs ?? 0)
    const delayMs = Math.ceil(askedMs + random.fraction() * ceiling)
    this.#core.store.transact((tx) => {
      tx.outbox.postpone(row.row, clock.nowMs() + delayMs, errorObject(error))
      // Written before the relay had spoken: it is as old as this meeting.
      if (row.createdMs === 0) tx.outbox.setCreated(row.row, createdMs(this.#core))
    })
    log.info('outbox.retry', { attempt: row.attempts + 1, delayMs })
  }

  /** How long until the row's next attempt; 0: now. */
  #waitMs(row: OutboxRow): number {
    const leftMs = row.nextMs - this.#core.ports.clock.nowMs()
    return leftMs > WAIT_MS_MAX ? 0 : Math.max(0, leftMs)
  }

  /** A few large ones after a backlog instead of many small ones that hold up its opening. */
  #queueDueReceipts(): void {
    if (this.#isCatchingUp()) return
    const { store, ports } = this.#core
    const due = store.read.outbox.receiptsDue(ports.clock.nowMs(), RECEIPT_DELAY_MS_MAX)
    if (due.length === 0) return
    store.transact((tx) => {
      for (const receipts of due) {
        tx.outbox.removeReceiptsDue(receipts)
        addToOutbox(tx, this.#core, {
          recipient: receipts.recipient,
          kind: 'receipt',
          content: { kind: 'receipt', type: receipts.type, messages: receipts.messages },
          message: null,
        })
      }
    })
  }

  /** In the lane, beside whatever is being sent. */
  #answerPostponed(): void {
    const { store } = this.#core
    if (
      this.#answering !== undefined ||
      store.read.sent.errorsDue(this.#core.relayNowMs()).length === 0
    )
      return
    this.#answering = answerPostponedErrors(this.#core)
      .then(() => {
        this.#answering = undefined
        this.kick()
      })
      .catch((thrown: unknown) => this.#fail(thrown))
  }

  /** Wakes for the next attempt, receipt or postponed error, whichever is sooner. */
  #schedule(): void {
    this.#cancelTimer()
    const { outbox } = this.#core.store.read
    const nowMs = this.#core.ports.clock.nowMs()
    const idle = outbox.recipients().filter((recipient) => !this.#draining.has(recipient))
    const rows = idle.map((recipient) => outbox.oldestOf(recipient))
    const waitsMs = rows.filter((row) => row !== undefined).map((row) => this.#waitMs(row))
    const receiptMs = this.#isCatchingUp() ? undefined : outbox.nextReceiptMs()
    if (receiptMs !== undefined) waitsMs.push(Math.min(RECEIPT_DELAY_MS_MAX, receiptMs - nowMs))
    const errorMs = this.#core.store.read.sent.nextErrorMs()
    if (errorMs !== undefined && this.#answering === undefined)
      waitsMs.push(Math.min(RESET_MS_MIN, errorMs - this.#core.relayNowMs()))
    if (waitsMs.length === 0) return
    const delayMs = Math.max(0, Math.min(...waitsMs))
    this.#cancelTimer = this.#core.ports.clock.after(delayMs, () => {
      this.kick()
    })
  }
}

function messagesOf({ message, target }: OutboxRow): readonly MessageId[] {
  const about = message ?? target
  return about === null ? [] : [about]
}

/** By the relay's clock only, and only where it has told it to this process. */
function isTooOld(core: Core, row: OutboxRow): boolean {
  if (!core.knowsRelayTime() || row.createdMs === 0) return false
  return core.relayNowMs() - row.createdMs > OUTBOX_MS_MAX
}
