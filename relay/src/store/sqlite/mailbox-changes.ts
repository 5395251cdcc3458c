import type Database from '@signalapp/sqlcipher'
import { assert, equalBytes } from '@sotto/protocol'
import type {
  Acknowledgement,
  Changes,
  GapReason,
  Placed,
  Submission,
  SubmitOutcome,
  Waiting,
} from '../port.js'
import type { IdempotencyKeys } from './idempotency-keys.js'
import { integer, type Row } from './rows.js'
import { MailboxRows, type MailboxRow } from './mailbox-rows.js'
import { RefusedKeys } from './refused-keys.js'
import { prepareMailboxStatements, type MailboxStatements } from './mailbox-statements.js'

/** What a row of `envelope` is. */
export const ROW = { envelope: 0, stranger: 1, gapQuota: 2, gapExpired: 3, closed: 4 } as const

/** How many rows one step of a sweep may turn over. */
const SWEEP_ROWS_MAX = 100

/** Changes to mailboxes; call them inside a transaction only. */
export class MailboxChanges {
  readonly rows: MailboxRows
  /** Done as soon as their mailbox is full; otherwise they come with another transaction. */
  later: readonly Acknowledgement[] = []
  readonly #keys: IdempotencyKeys
  readonly #refused = new RefusedKeys()
  readonly #sql: MailboxStatements

  constructor(database: Database, keys: IdempotencyKeys) {
    this.rows = new MailboxRows(database)
    this.#keys = keys
    this.#sql = prepareMailboxStatements(database)
  }

  /** What memory holds of the transaction goes to the database: before the commit. */
  write(): void {
    this.rows.write()
    this.#keys.write()
  }

  /** Nothing of the transaction was stored: memory is as though it had not been. */
  rolledBack(): void {
    this.rows.forget()
    this.#keys.rolledBack()
    this.#refused.forgetAll()
  }

  submit(submission: Submission): SubmitOutcome {
    const rows = submission.envelopes.map(({ mailbox }) => this.rows.load(mailbox))
    if (rows.includes(undefined)) return { kind: 'gone' }
    const placed: Placed[] = []
    let arrivalMs = 0
    let full = 0
    for (const [index, envelope] of submission.envelopes.entries()) {
      const row = rows[index]
      assert(row !== undefined, 'every mailbox was there a moment ago')
      const result = this.#store(submission, envelope, row)
      if (result.kind === 'full') full++
      else arrivalMs = Math.max(arrivalMs, result.arrivalMs)
      if (result.kind !== 'known') placed.push({ mailbox: envelope.mailbox, row: result.row })
    }
    if (full < submission.envelopes.length) return { kind: 'stored', arrivalMs, placed }
    if (submission.stranger) return { kind: 'stored', arrivalMs: submission.arrivalMs, placed }
    return { kind: 'full', placed }
  }

  acknowledge({ mailbox, seq }: Acknowledgement): 'done' {
    const row = this.rows.load(mailbox)
    if (row === undefined || seq <= row.acknowledged) return 'done'
    assert(seq <= row.head, 'nothing is acknowledged that was never stored')
    const gone = this.#sql.sumUpTo.get<Row>([mailbox, seq])
    assert(gone !== undefined, 'an aggregate has a row')
    this.#sql.deleteUpTo.run([mailbox, seq])
    row.acknowledged = seq
    row.envelopes -= integer(gone, 'envelopes')
    row.bytes -= integer(gone, 'bytes')
    row.strangerEnvelopes -= integer(gone, 'strangers')
    row.strangerBytes -= integer(gone, 'stranger_bytes')
    this.rows.touch(row)
    return 'done'
  }

  closeGaps({ mailbox, seq }: Changes['close-gaps']['input']): 'done' {
    this.#sql.close.run([mailbox, seq])
    return 'done'
  }

  sweep({ mailbox, beforeMs }: Changes['sweep']['input']): Changes['sweep']['output'] {
    const row = this.rows.load(mailbox)
    if (row === undefined) return { expired: 0, head: 0 }
    let expired = 0
    let run: ExpiredRun | undefined
    for (const old of this.#sql.oldest.all<Row>([mailbox, SWEEP_ROWS_MAX])) {
      const kind = integer(old, 'kind')
      if (kind === ROW.envelope || kind === ROW.stranger) {
        if (integer(old, 'arrival_ms') >= beforeMs) break
        run = withExpired(run, old)
        expired++
        continue
      }
      this.#expire(row, run)
      // One of another reason, or that was delivered, stays what it is.
      run = kind === ROW.gapExpired ? withExpired(undefined, old) : undefined
    }
    this.#expire(row, run)
    return { expired, head: row.head }
  }

  #store(
    submission: Submission,
    envelope: Submission['envelopes'][number],
    row: MailboxRow,
  ): Storing {
    const { mailbox, key, body } = envelope
    const { arrivalMs, forgetDay, stranger } = submission
    const known = this.#keys.find(mailbox, key)
    if (known !== undefined) {
      // 0 when it is gone.
      const arrived = this.#sql.arrival.get<number>([mailbox, known]) ?? 0
      return { kind: 'known', arrivalMs: arrived }
    }
    if (isFull(row, submission, body.length)) {
      this.#makeRoom(row)
      if (isFull(row, submission, body.length)) {
        if (this.#refused.add(mailbox, key)) this.#lose(row, 'quota', arrivalMs)
        return { kind: 'full', row: undefined }
      }
    }
    const seq = row.head + 1
    const kind = stranger ? ROW.stranger : ROW.envelope
    this.#sql.insert.run([mailbox, seq, kind, 0, arrivalMs, body])
    this.#keys.add(mailbox, key, { forgetDay, seq })
    row.head = seq
    row.envelopes += 1
    row.bytes += body.length
    row.strangerEnvelopes += stranger ? 1 : 0
    row.strangerBytes += stranger ? body.length : 0
    this.rows.touch(row)
    return { kind: 'stored', arrivalMs, row: { kind: 'envelope', seq, arrivalMs, stranger, body } }
  }

  /** Whoever has read makes room, though it be forgotten later. */
  #makeRoom(row: MailboxRow): void {
    for (const each of this.later) {
      const isSound = each.seq <= row.head // If it is not, that is not the fault of whoever submits.
      if (isSound && equalBytes(each.mailbox, row.mailbox)) this.acknowledge(each)
    }
  }

  /** Counts one lost envelope: in the open gap at the mailbox's head, or in a new one. */
  #lose(row: MailboxRow, reason: GapReason, arrivalMs: number): void {
    const kind = reason === 'quota' ? ROW.gapQuota : ROW.gapExpired
    if (this.#sql.head.get<number>([row.mailbox, row.head]) === kind) {
      this.#sql.count.run([1, arrivalMs, row.mailbox, row.head])
      return
    }
    row.head += 1
    row.envelopes += 1
    this.#sql.insert.run([row.mailbox, row.head, kind, 1, arrivalMs, null])
    this.rows.touch(row)
  }

  /** The run becomes one gap, in the place of its last row. */
  #expire(row: MailboxRow, run: ExpiredRun | undefined): void {
    if (run === undefined || run.envelopes === 0) return
    const { from, to, lost, arrivalMs } = run
    const { changes } = this.#sql.deleteBetween.run([row.mailbox, from, to])
    this.#sql.insert.run([row.mailbox, to, ROW.gapExpired, lost, arrivalMs, null])
    row.envelopes -= changes - 1
    row.bytes -= run.bytes
    row.strangerEnvelopes -= run.strangers
    row.strangerBytes -= run.strangerBytes
    this.rows.touch(row)
  }
}

type Storing =
  | { readonly kind: 'stored'; readonly arrivalMs: number; readonly row: Waiting }
  | { readonly kind: 'known'; readonly arrivalMs: number }
  | { readonly kind: 'full'; readonly row: undefined }

/** Rows that follow each other and become one gap: envelopes, and the gap before them, if any. */
interface ExpiredRun {
  readonly from: number
  readonly to: number
  readonly arrivalMs: number
  readonly lost: number
  readonly envelopes: number
  readonly bytes: number
  readonly strangers: number
  readonly strangerBytes: number
}

function withExpired(run: ExpiredRun | undefined, old: Row): ExpiredRun {
  const seq = integer(old, 'seq')
  const kind = integer(old, 'kind')
  const bytes = integer(old, 'bytes')
  const isEnvelope = kind !== ROW.gapExpired
  const isStranger = kind === ROW.stranger
  return {
    from: run?.from ?? seq,
    to: seq,
    arrivalMs: integer(old, 'arrival_ms'),
    lost: (run?.lost ?? 0) + (isEnvelope ? 1 : integer(old, 'lost')),
    envelopes: (run?.envelopes ?? 0) + (isEnvelope ? 1 : 0),
    bytes: (run?.bytes ?? 0) + bytes,
    strangers: (run?.strangers ?? 0) + (isStranger ? 1 : 0),
    strangerBytes: (run?.strangerBytes ?? 0) + (isStranger ? bytes : 0),
  }
}

function isFull(row: MailboxRow, submission: Submission, bytes: number): boolean {
  const { quota, stranger } = submission
  if (row.envelopes >= quota.envelopes || row.bytes + bytes > quota.bytes) return true
  if (!stranger) return false
  return (
    row.strangerEnvelopes >= quota.strangerEnvelopes ||
    row.strangerBytes + bytes > quota.strangerBytes
  )
}
