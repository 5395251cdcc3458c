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

  quarantine(envelope: Quarantined): void {
    this.sql.run(
      'INSERT INTO quarantine (epoch, seq, arrival_ms, account, device, reason, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [
        envelope.epoch,
        envelope.seq,
        envelope.arrivalMs,
        envelope.account,
        envelope.device,
        envelope.reason,
        envelope.body,
      ],
    )
    this.sql.run('DELETE FROM quarantine WHERE row <= (SELECT MAX(row) FROM quarantine) - ?', [
      QUARANTINE_MAX,
    ])
  }
}
