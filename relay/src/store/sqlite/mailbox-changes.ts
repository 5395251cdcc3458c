import type Database from '@signalapp/sqlcipher'
import { assert, type Bytes } from '@sotto/protocol'
import type { Changes, GapReason, Submission, SubmitOutcome } from '../port.js'
import { integer, type Row } from './rows.js'
import { MailboxRows, type MailboxRow } from './mailbox-rows.js'

/** What a row of `envelope` is. */
export const ROW = { envelope: 0, stranger: 1, gapQuota: 2, gapExpired: 3, closed: 4 } as const

/** How many rows one step of a sweep may turn over. */
const SWEEP_ROWS_MAX = 1_000

/** Changes to mailboxes; call them inside a transaction only. */
export class MailboxChanges {
  readonly rows: MailboxRows
  readonly #remember
  readonly #recall
  readonly #insert
  readonly #sumUpTo
  readonly #deleteUpTo
  readonly #head
  readonly #count
  readonly #close
  readonly #oldest
  readonly #delete
  readonly #forget

  constructor(database: Database) {
    this.rows = new MailboxRows(database)
    this.#remember = database.prepare(
      'INSERT OR IGNORE INTO idempotency (mailbox, key, seq, forget_day) VALUES (?, ?, ?, ?)',
    )
    this.#recall = database.prepare(
      `SELECT coalesce(e.arrival_ms, 0) FROM idempotency i
       LEFT JOIN envelope e ON e.mailbox = i.mailbox AND e.seq = i.seq
       WHERE i.mailbox = ? AND i.key = ?`,
      { pluck: true },
    )
    this.#insert = database.prepare(
      'INSERT INTO envelope (mailbox, seq, kind, lost, arrival_ms, body) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.#sumUpTo = database.prepare(
      `SELECT count(*) AS envelopes, coalesce(sum(length(body)), 0) AS bytes,
         coalesce(sum(kind = 1), 0) AS strangers,
         coalesce(sum(iif(kind = 1, length(body), 0)), 0) AS stranger_bytes
       FROM envelope WHERE mailbox = ? AND seq <= ?`,
    )
    this.#deleteUpTo = database.prepare('DELETE FROM envelope WHERE mailbox = ? AND seq <= ?')
    this.#head = database.prepare('SELECT kind FROM envelope WHERE mailbox = ? AND seq = ?', {
      pluck: true,
    })
    this.#count = database.prepare(
      'UPDATE envelope SET lost = lost + ?, arrival_ms = ? WHERE mailbox = ? AND seq = ?',
    )
    this.#close = database.prepare(
      'UPDATE envelope SET kind = kind | 4 WHERE mailbox = ? AND seq <= ? AND kind IN (2, 3)',
    )
    this.#oldest = database.prepare(
      `SELECT seq, kind, lost, arrival_ms, length(body) AS bytes FROM envelope
       WHERE mailbox = ? ORDER BY seq LIMIT ?`,
    )
    this.#delete = database.prepare('DELETE FROM envelope WHERE mailbox = ? AND seq = ?')
    this.#forget = database.prepare('DELETE FROM idempotency WHERE mailbox = ? AND forget_day <= ?')
  }

  submit(submission: Submission): SubmitOutcome {
    if (submission.envelopes.some(({ mailbox }) => this.rows.load(mailbox) === undefined)) {
      return { kind: 'gone' }
    }
    const rung: Bytes[] = []
    let arrivalMs = 0
    let full = 0
    for (const envelope of submission.envelopes) {
      const result = this.#store(submission, envelope)
      if (result.kind === 'full') full++
      else arrivalMs = Math.max(arrivalMs, result.arrivalMs)
      if (result.kind !== 'known') rung.push(envelope.mailbox)
    }
    if (full < submission.envelopes.length) return { kind: 'stored', arrivalMs, rung }
    if (submission.stranger) return { kind: 'stored', arrivalMs: submission.arrivalMs, rung }
    return { kind: 'full', rung }
  }

  acknowledge({ mailbox, seq }: Changes['acknowledge']['input']): 'done' {
    const row = this.rows.load(mailbox)
    if (row === undefined || seq <= row.acknowledged) return 'done'
    assert(seq <= row.head, 'nothing is acknowledged that was never stored')
    const gone = this.#sumUpTo.get<Row>([mailbox, seq])
    assert(gone !== undefined, 'an aggregate has a row')
    this.#deleteUpTo.run([mailbox, seq])
    row.acknowledged = seq
    row.envelopes -= integer(gone, 'envelopes')
    row.bytes -= integer(gone, 'bytes')
    row.strangerEnvelopes -= integer(gone, 'strangers')
    row.strangerBytes -= integer(gone, 'stranger_bytes')
    this.rows.touch(row)
    return 'done'
  }

  closeGaps({ mailbox, seq }: Changes['close-gaps']['input']): 'done' {
    this.#close.run([mailbox, seq])
    return 'done'
  }

  sweep({ mailbox, beforeMs, day }: Changes['sweep']['input']): Changes['sweep']['output'] {
    this.#forget.run([mailbox, day])
    const row = this.rows.load(mailbox)
    if (row === undefined) return { expired: 0, head: 0 }
    let expired = 0
    let gap: { seq: number; lost: number } | undefined
    for (const old of this.#oldest.all<Row>([mailbox, SWEEP_ROWS_MAX])) {
      const kind = integer(old, 'kind')
      if (kind === ROW.gapExpired) {
        gap = { seq: integer(old, 'seq'), lost: integer(old, 'lost') }
        continue
      }
      if (kind !== ROW.envelope && kind !== ROW.stranger) {
        gap = undefined // Another reason, or already delivered: it ends the run.
        continue
      }
      if (integer(old, 'arrival_ms') >= beforeMs) break
      gap = this.#expire(row, old, gap)
      expired++
    }
    if (expired > 0) this.rows.touch(row)
    return { expired, head: row.head }
  }

  #store(
    submission: Submission,
    envelope: Submission['envelopes'][number],
  ): { readonly kind: 'stored' | 'known' | 'full'; readonly arrivalMs: number } {
    const row = this.rows.load(envelope.mailbox)
    assert(row !== undefined, 'the mailbox was there a moment ago')
    const { arrivalMs, stranger } = submission
    if (isFull(row, submission, envelope.body.length)) {
      const known = this.#recall.get<number>([envelope.mailbox, envelope.key])
      if (known !== undefined) return { kind: 'known', arrivalMs: known }
      this.#lose(row, 'quota', arrivalMs)
      return { kind: 'full', arrivalMs: 0 }
    }
    const seq = row.head + 1
    const fresh = this.#remember.run([envelope.mailbox, envelope.key, seq, submission.forgetDay])
    if (fresh.changes === 0) {
      const known = this.#recall.get<number>([envelope.mailbox, envelope.key])
      return { kind: 'known', arrivalMs: known ?? 0 }
    }
    const kind = stranger ? ROW.stranger : ROW.envelope
    this.#insert.run([envelope.mailbox, seq, kind, 0, arrivalMs, envelope.body])
    row.head = seq
    row.envelopes += 1
    row.bytes += envelope.body.length
    row.strangerEnvelopes += stranger ? 1 : 0
    row.strangerBytes += stranger ? envelope.body.length : 0
    this.rows.touch(row)
    return { kind: 'stored', arrivalMs }
  }

  /** Counts one lost envelope: in the open gap at the mailbox's head, or in a new one. */
  #lose(row: MailboxRow, reason: GapReason, arrivalMs: number): void {
    const kind = reason === 'quota' ? ROW.gapQuota : ROW.gapExpired
    if (this.#head.get<number>([row.mailbox, row.head]) === kind) {
      this.#count.run([1, arrivalMs, row.mailbox, row.head])
      return
    }
    row.head += 1
    row.envelopes += 1
    this.#insert.run([row.mailbox, row.head, kind, 1, arrivalMs, null])
    this.rows.touch(row)
  }

  /** The envelope's row becomes the gap, which has swallowed the gap before it. */
  #expire(row: MailboxRow, old: Row, gap: { seq: number; lost: number } | undefined) {
    const seq = integer(old, 'seq')
    const bytes = integer(old, 'bytes')
    const stranger = integer(old, 'kind') === ROW.stranger
    const lost = 1 + (gap?.lost ?? 0)
    if (gap !== undefined) {
      this.#delete.run([row.mailbox, gap.seq])
      row.envelopes -= 1
    }
    this.#delete.run([row.mailbox, seq])
    const arrivalMs = integer(old, 'arrival_ms')
    this.#insert.run([row.mailbox, seq, ROW.gapExpired, lost, arrivalMs, null])
    row.bytes -= bytes
    row.strangerEnvelopes -= stranger ? 1 : 0
    row.strangerBytes -= stranger ? bytes : 0
    return { seq, lost }
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
