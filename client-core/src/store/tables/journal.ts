import type { AccountId, Bytes, DeviceId, ErrorCodeName, MessageId } from '@sotto/protocol'
import type { ErrorObject, EventType, MessageStatus } from '../../objects.js'
import {
  blob,
  integer,
  integerOrNull,
  text,
  textOrNull,
  type Row,
  type Statements,
} from '../rows.js'

/** Events kept on disk; the others are told live and forgotten. */
export type StoredEventType = Exclude<EventType, 'connection.state' | 'backlog.done'>

/** What an event says beyond the rows it names. */
export interface EventDetail {
  readonly status?: MessageStatus
  readonly error?: ErrorObject
  readonly reason?: string
  readonly resendAsked?: boolean
  readonly count?: number
  readonly author?: AccountId
}

/** One event: references into the other tables, so that it always shows what is stored now. */
export interface JournalRow {
  readonly seq: number
  readonly atMs: number
  readonly type: StoredEventType
  /** The peer it is about. */
  readonly account: AccountId | null
  readonly device: DeviceId | null
  readonly message: MessageId | null
  readonly detail: EventDetail
}

export type NewJournalRow = Omit<
  JournalRow,
  'seq' | 'atMs' | 'account' | 'device' | 'message' | 'detail'
> &
  Partial<Pick<JournalRow, 'account' | 'device' | 'message' | 'detail'>>

/** A failure as it was journalled. */
export type FailureDetail = ErrorObject & { readonly code: ErrorCodeName }

export class JournalReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  after(seq: number, limit: number): readonly JournalRow[] {
    return this.sql
      .all('SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?', [seq, limit])
      .map(journalRow)
  }

  /** The seq of the newest event; 0 where there was none yet. */
  newest(): number {
    const row = this.sql.get('SELECT COALESCE(MAX(seq), 0) AS seq FROM journal', [])
    return row === undefined ? 0 : integer(row, 'seq')
  }

  /** Why a message failed, where it did. */
  failureOf(message: MessageId): FailureDetail | undefined {
    const row = this.sql.get(
      `SELECT * FROM journal WHERE message = ? AND type = 'message.status' ORDER BY seq DESC LIMIT 1`,
      [message],
    )
    return row === undefined
      ? undefined
      : (journalRow(row).detail.error as FailureDetail | undefined)
  }

  /** 8 random bytes: a restored journal gets others. */
  id(): Bytes {
    const row = this.sql.get('SELECT id FROM journal_id WHERE one = 1')
    return row === undefined ? new Uint8Array(8) : blob(row, 'id')
  }

  cursor(consumer: string): number {
    const row = this.sql.get('SELECT seq FROM consumer WHERE name = ?', [consumer])
    return row === undefined ? 0 : integer(row, 'seq')
  }
}

export class JournalWriter extends JournalReader {
  setId(id: Bytes): void {
    this.sql.run('INSERT INTO journal_id VALUES (1, ?)', [id])
  }

  append(event: NewJournalRow, atMs: number): number {
    return this.sql.insert(
      'INSERT INTO journal (at_ms, type, account, device, message, detail) VALUES (?, ?, ?, ?, ?, ?)',
      [
        atMs,
        event.type,
        event.account ?? null,
        event.device ?? null,
        event.message ?? null,
        JSON.stringify(event.detail ?? {}),
      ],
    )
  }

  /** Forwards only. */
  moveCursor(consumer: string, seq: number): void {
    this.sql.run(
      'INSERT INTO consumer (name, seq) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = MAX(seq, excluded.seq)',
      [consumer, seq],
    )
  }
}

function journalRow(row: Row): JournalRow {
  return {
    seq: integer(row, 'seq'),
    atMs: integer(row, 'at_ms'),
    type: text(row, 'type') as StoredEventType,
    account: textOrNull(row, 'account') as AccountId | null,
    device: integerOrNull(row, 'device') as DeviceId | null,
    message: textOrNull(row, 'message') as MessageId | null,
    detail: JSON.parse(text(row, 'detail')) as EventDetail,
  }
}
