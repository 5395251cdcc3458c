import type { Context } from '../context.js'
import {
  EXPIRED_CODE_DAYS,
  PURGE_STEP_ROWS,
  SHRINK_SPARE_PAGES,
  SHRINK_STEP_PAGES,
  SWEEP_HURRY_MS,
  SWEEP_PAUSE_MS,
  SWEEP_STEP_MAILBOXES,
  SWEEP_STEP_ROWS,
} from '../limits/bounds.js'
import { expireDevices } from './idle-devices.js'
import { DAY_MS, dayOf } from '../ports.js'
import type { Bytes } from '@sotto/protocol'

/** Expires what waited too long and forgets old idempotency keys and codes, a few at a time. */
export class Sweeper {
  readonly #context: Context
  #cancel: () => void = () => undefined
  #stopped = false
  #sweeping = false
  #sweptAtMs = 0
  /** Keys are forgotten once a day: it takes a look at all of them. */
  #keysForgottenDay = 0

  constructor(context: Context) {
    this.#context = context
  }

  start(): void {
    this.#cancel = this.#context.clock.after(SWEEP_PAUSE_MS, () => void this.#round())
  }

  /** Makes room now, unless a round has just done so. */
  hurry(): void {
    const { clock } = this.#context
    if (this.#sweeping || clock.nowMs() - this.#sweptAtMs < SWEEP_HURRY_MS) return
    this.#cancel()
    void this.#round()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  /** One look at every mailbox; answers how many envelopes expired. */
  async sweep(): Promise<number> {
    const { store, clock, log } = this.#context
    const begunAtMs = clock.nowMs()
    const day = dayOf(begunAtMs)
    const forget = day === this.#keysForgottenDay ? undefined : day
    if (forget !== undefined) await this.#fileKeys()
    let mailboxes = 0
    let expired = 0
    for (let after: Bytes | undefined; !this.#stopped;) {
      const step: readonly Bytes[] = await store.listMailboxes({ after, max: SWEEP_STEP_MAILBOXES })
      const last = step.at(-1)
      if (last === undefined) break
      for (const mailbox of step) {
        expired += await this.#sweepMailbox(mailbox)
        if (forget !== undefined) await this.#forgetKeys(mailbox, forget)
      }
      mailboxes += step.length
      after = last
    }
    this.#keysForgottenDay = day
    const codes = { beforeMs: begunAtMs - EXPIRED_CODE_DAYS * DAY_MS, max: SWEEP_STEP_ROWS }
    await this.#forgetAll(() => this.#context.commits.change('forget-signup-codes', codes))
    const past = { day, max: SWEEP_STEP_ROWS }
    await this.#forgetAll(() => this.#context.commits.change('forget-permits', past))
    await this.#forgetAll(() => this.#context.commits.change('forget-invites', past))
    if (forget !== undefined) await expireDevices(this.#context, () => this.#stopped)
    await this.#purge()
    await this.#shrink()
    this.#sweptAtMs = clock.nowMs()
    log.info('store.swept', { mailboxes, expired, tookMs: clock.nowMs() - begunAtMs })
    return expired
  }

  async #sweepMailbox(mailbox: Bytes): Promise<number> {
    const { commits, doorbell, clock, limits } = this.#context
    const beforeMs = clock.nowMs() - limits.retentionDays * DAY_MS
    let total = 0
    for (let expired = -1; expired !== 0 && !this.#stopped; total += expired) {
      expired = (await commits.change('sweep', { mailbox, beforeMs })).expired
    }
    if (total > 0) doorbell.ring(mailbox, { kind: 'waiting', row: undefined })
    return total
  }

  /** Those that came lately too, or on a quiet relay they would never be forgotten. */
  async #fileKeys(): Promise<void> {
    const step = { max: SWEEP_STEP_ROWS }
    while (!this.#stopped && (await this.#context.commits.change('file-keys', step)));
  }

  async #forgetKeys(mailbox: Bytes, day: number): Promise<void> {
    const step = { mailbox, day, max: SWEEP_STEP_ROWS }
    let after: Bytes | undefined
    do {
      after = (await this.#context.commits.change('forget-keys', { ...step, after })).next
    } while (after !== undefined && !this.#stopped)
  }

  /** What is left of mailboxes that are gone. */
  async #purge(): Promise<void> {
    const step = { max: PURGE_STEP_ROWS }
    while (!this.#stopped && (await this.#context.commits.change('purge-mailbox', step)));
  }

  /** Gives what was freed back to the disk. */
  async #shrink(): Promise<void> {
    const step = { pages: SHRINK_STEP_PAGES, spare: SHRINK_SPARE_PAGES }
    for (let left = 1; left > 0 && !this.#stopped;) {
      left = await this.#context.commits.change('shrink', step)
    }
  }

  /** Step by step: others commit in between. */
  async #forgetAll(step: () => Promise<number>): Promise<void> {
    for (let forgotten = SWEEP_STEP_ROWS; forgotten === SWEEP_STEP_ROWS && !this.#stopped;) {
      forgotten = await step()
    }
  }

  async #round(): Promise<void> {
    this.#sweeping = true
    try {
      await this.sweep()
    } catch {
      this.#context.log.warn('sweep.failed', {}) // The store said more; the next round tries again.
    }
    this.#sweeping = false
    if (!this.#stopped) this.start()
  }
}
