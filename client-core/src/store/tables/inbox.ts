import type { AccountId, Bytes, DeviceId } from '@sotto/protocol'
import { integer, type Statements } from '../rows.js'

/** A place in this device's mailbox; seqs compare inside one epoch only. */
export interface InboxCursor {
  readonly epoch: number
  readonly seq: number
}

/** An envelope that would not open: kept whole, acknowledged, shown. */
export interface Quarantined extends InboxCursor {
  readonly arrivalMs: number
  /** As the certificate claims, where it could be read. */
  readonly account: AccountId | null
  readonly device: DeviceId | null
  readonly reason: string
  readonly body: Bytes
  /** SHA-256 of the ratchet message, where it came as far as that. */
  readonly digest: Bytes | null
  /** When its author was asked to send it again; null: they were not. */
  readonly askedMs: number | null
}

/** Envelopes that are being opened, from `seq` on; found by a new process, they killed us. */
export interface Opening extends InboxCursor {
  /** The last of them. */
  readonly through: number
  /** How often the opening of `seq` was begun; that of the others once. */
  readonly attempts: number
}

/** Quarantined envelopes kept; beyond it the oldest goes. */
export const QUARANTINE_MAX = 1000

export class InboxReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  /** Everything at or below it is committed here. Undefined before the first envelope. */
  cursor(): InboxCursor | undefined {
    const row = this.sql.get('SELECT epoch, seq FROM inbox_cursor WHERE one = 1')
    return row === undefined
      ? undefined
      : { epoch: integer(row, 'epoch'), seq: integer(row, 'seq') }
  }

  opening(): Opening | undefined {
    const row = this.sql.get('SELECT * FROM opening WHERE one = 1')
    if (row === undefined) return undefined
    return {
      epoch: integer(row, 'epoch'),
      seq: integer(row, 'seq'),
      through: integer(row, 'through'),
      attempts: integer(row, 'attempts'),
    }
  }

  /** Whether the ratchet message with this digest was opened here. */
  wasOpened(digest: Bytes): boolean {
    return this.sql.get('SELECT 1 AS some FROM opened WHERE digest = ?', [digest]) !== undefined
  }

  /** Whether a resend of the ratchet message with this digest was asked for. */
  wasAskedFor(digest: Bytes): boolean {
    const row = this.sql.get(
      'SELECT 1 AS some FROM quarantine WHERE digest = ? AND asked_ms IS NOT NULL LIMIT 1',
      [digest],
    )
    return row !== undefined
  }

  /** Whether this very envelope, under this number, would not open before. */
  isQuarantined({ epoch, seq, body }: InboxCursor & { readonly body: Bytes }): boolean {
    const sql = 'SELECT 1 AS some FROM quarantine WHERE epoch = ? AND seq = ? AND body = ? LIMIT 1'
    return this.sql.get(sql, [epoch, seq, body]) !== undefined
  }

  quarantinedCount(): number {
    return integer(
      this.sql.get('SELECT COUNT(*) AS count FROM quarantine') ?? { count: 0 },
      'count',
    )
  }
}

export class InboxWriter extends InboxReader {
  moveCursor(cursor: InboxCursor): void {
    this.sql.run('INSERT OR REPLACE INTO inbox_cursor VALUES (1, ?, ?)', [cursor.epoch, cursor.seq])
  }

  forgetCursor(): void {
    this.sql.run('DELETE FROM inbox_cursor')
  }

  saveOpening(opening: Opening): void {
    this.sql.run('INSERT OR REPLACE INTO opening VALUES (1, ?, ?, ?, ?)', [
      opening.epoch,
      opening.seq,
      opening.through,
      opening.attempts,
    ])
  }

  clearOpening(): void {
    this.sql.run('DELETE FROM opening')
  }

  /** False: it was opened before. */
  noteOpened(digest: Bytes, atMs: number): boolean {
    const sql = 'INSERT INTO opened VALUES (?, ?) ON CONFLICT DO NOTHING'
    return this.sql.run(sql, [digest, atMs]) > 0
  }

  forgetOpened(beforeMs: number): void {
    this.sql.run('DELETE FROM opened WHERE at_ms < ?', [beforeMs])
  }

  quarantine(envelope: Quarantined): void {
    this.sql.run(
      `INSERT INTO quarantine (epoch, seq, arrival_ms, account, device, reason, body, digest, asked_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        envelope.epoch,
        envelope.seq,
        envelope.arrivalMs,
        envelope.account,
        envelope.device,
        envelope.reason,
        envelope.body,
        envelope.digest,
        envelope.askedMs,
      ],
    )
    this.sql.run('DELETE FROM quarantine WHERE row <= (SELECT MAX(row) FROM quarantine) - ?', [
      QUARANTINE_MAX,
    ])
  }
}
