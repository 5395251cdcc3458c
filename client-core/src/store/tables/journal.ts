import type { AccountId, Bytes, DeviceId, MessageId } from '@sotto/protocol'
import type { ChangeKind, ErrorObject, EventType, MessageStatus } from '../../objects.js'
import type { KeptAnswer } from '../row-cache.js'
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
export type StoredEventType = Exclude<
  EventType,
  | 'conversation.changed'
  | 'account.changed'
  | 'typing.started'
  | 'typing.stopped'
  | 'connection.state'
  | 'backlog.done'
>

/** What an event says beyond the rows it names. */
export interface EventDetail {
  readonly status?: MessageStatus
  readonly error?: ErrorObject
  readonly reason?: string
  readonly resendAsked?: boolean
  readonly count?: number
  readonly author?: AccountId
  /** Told while its author was a request: left out once it is told as a contact's. */
  readonly held?: true
  readonly successor?: AccountId
  /** Who changed a message, and with what; of a reaction that was taken back the one there was. */
  readonly by?: AccountId
  readonly emoji?: string
  readonly change?: ChangeKind
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

export interface Purged {
  readonly seq: number
  /** When the journal was looked through last; 0: never. */
  readonly atMs: number
}

/** The consumer of whoever gives no name: it holds what it has not seen. */
export const DEFAULT_CONSUMER = 'default'
/** Even that consumer holds no more events than this. */
const DEFAULT_ROWS_MAX = 1_000_000
/** Between two looks at that bound while events come. */
const TRIM_EVERY = 10_000
/** What everybody has seen is kept this long, and what a named consumer has not acknowledged. */
const KEPT_MS = 7 * 24 * 60 * 60_000
/** What a named consumer may hold, counted as the texts and a little for each event. */
const KEPT_BYTES = 2 ** 30
const ROW_BYTES = 100
/** Fewer events than this cannot be so large: a text fits into an envelope of 64 KiB. */
const LARGE_ROWS_MIN = KEPT_BYTES / 2 ** 16
/** Forgotten in one transaction. */
export const PURGE_ROWS_MAX = 50_000

/** The journal's id: it is in every event's. */
export type JournalIdAnswer = KeptAnswer<Bytes>

export class JournalReader {
  protected readonly sql: Statements
  protected readonly knownId: JournalIdAnswer

  constructor(sql: Statements, knownId: JournalIdAnswer) {
    this.sql = sql
    this.knownId = knownId
  }

  after(seq: number, limit: number): readonly JournalRow[] {
    return this.sql
      .all('SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ? + 0', [seq, limit])
      .map(journalRow)
  }

  /** 8 random bytes: a restored journal gets others. */
  id(): Bytes {
    return this.knownId.get(() => {
      const row = this.sql.get('SELECT id FROM journal_id WHERE one = 1')
      return row === undefined ? new Uint8Array(8) : blob(row, 'id')
    })
  }

  /** Where a consumer stands; undefined: it was never heard of. */
  cursor(consumer: string): number | undefined {
    const row = this.sql.get('SELECT seq FROM consumer WHERE name = ?', [consumer])
    return row === undefined ? undefined : integer(row, 'seq')
  }

  /** Events up to `seq` are no longer kept. */
  purged(): Purged {
    const row = this.sql.get('SELECT seq, at_ms FROM journal_purged WHERE one = 1')
    return row === undefined
      ? { seq: 0, atMs: 0 }
      : { seq: integer(row, 'seq'), atMs: integer(row, 'at_ms') }
  }

  /** The seq of the newest event, though it may be forgotten; 0 where there was none yet. */
  newest(): number {
    const row = this.sql.get('SELECT MAX(seq) AS seq FROM journal')
    const seq = row === undefined ? null : integerOrNull(row, 'seq')
    return seq ?? this.purged().seq
  }

  /** The last seq before whatever was journalled from `atMs` on. */
  seqBefore(atMs: number): number {
    const row = this.sql.get('SELECT MIN(seq) AS seq FROM journal WHERE at_ms >= ?', [atMs])
    const seq = row === undefined ? null : integerOrNull(row, 'seq')
    return seq === null ? this.newest() : seq - 1
  }
}

export class JournalWriter extends JournalReader {
  setId(id: Bytes): void {
    this.knownId.forget()
    this.sql.run('INSERT INTO journal_id VALUES (1, ?)', [id])
  }

  /** However fast events come, no more than DEFAULT_ROWS_MAX and TRIM_EVERY are held at a time. */
  append(event: NewJournalRow, atMs: number): number {
    const seq = this.sql.insert(
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
    if (seq % TRIM_EVERY === 0 && seq > DEFAULT_ROWS_MAX) this.#trim(seq - DEFAULT_ROWS_MAX)
    return seq
  }

  /** Forwards only. */
  moveCursor(consumer: string, seq: number, nowMs: number): void {
    this.sql.run(
      `INSERT INTO consumer (name, seq, moved_ms) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET seq = MAX(seq, excluded.seq), moved_ms = excluded.moved_ms`,
      [consumer, seq, nowMs],
    )
  }

  /**
   * Forgets the oldest events that nobody needs any more, at most PURGE_ROWS_MAX of them, and
   * answers how many. What is forgotten is old or too much, and every consumer has passed it or is
   * one that does not hold it (`holds`); seqs are never given again.
   */
  purge(nowMs: number): number {
    const before = this.purged().seq
    const head = this.newest()
    const through = Math.min(this.#purgeable(before, head, nowMs), before + PURGE_ROWS_MAX)
    this.sql.run('INSERT OR REPLACE INTO journal_purged VALUES (1, ?, ?)', [
      Math.max(before, through),
      nowMs,
    ])
    return through <= before ? 0 : this.sql.run('DELETE FROM journal WHERE seq <= ?', [through])
  }

  /** What even the default consumer may not hold, without waiting for the day's purge. */
  #trim(through: number): void {
    const before = this.purged()
    if (through <= before.seq) return
    this.sql.run('INSERT OR REPLACE INTO journal_purged VALUES (1, ?, ?)', [through, before.atMs])
    this.sql.run('DELETE FROM journal WHERE seq <= ?', [through])
  }

  #purgeable(before: number, head: number, nowMs: number): number {
    const old = this.seqBefore(nowMs - KEPT_MS)
    const large = head - before > LARGE_ROWS_MIN ? this.#beyondBytes() : 0
    const unseen = this.cursor(DEFAULT_CONSUMER) ?? 0
    return Math.max(
      Math.min(old, unseen, this.#heldByNamed(head, large, nowMs)),
      Math.min(large, unseen),
      head - DEFAULT_ROWS_MAX,
    )
  }

  /** A named consumer holds what it has not passed, while it lives and within bounds. */
  #heldByNamed(head: number, large: number, nowMs: number): number {
    const cursors = this.sql
      .all('SELECT seq FROM consumer WHERE name <> ? AND moved_ms >= ?', [
        DEFAULT_CONSUMER,
        nowMs - KEPT_MS,
      ])
      .map((row) => Math.max(large, integer(row, 'seq')))
    return Math.min(head, ...cursors)
  }

  /** The newest seq that has KEPT_BYTES of newer events after it. */
  #beyondBytes(): number {
    const row = this.sql.get(
      `SELECT MAX(seq) AS seq FROM (
         SELECT seq, SUM(bytes) OVER (ORDER BY seq DESC) AS newer FROM (
           SELECT seq, ? + LENGTH(detail) + COALESCE(
             (SELECT LENGTH(body) FROM message WHERE message.id = journal.message LIMIT 1), 0) AS bytes
           FROM journal))
       WHERE newer > ?`,
      [ROW_BYTES, KEPT_BYTES],
    )
    return row === undefined ? 0 : (integerOrNull(row, 'seq') ?? 0)
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
