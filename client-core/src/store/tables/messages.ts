import type { AccountId, ConversationId, ErrorCodeName, MessageId } from '@sotto/protocol'
import type { ErrorObject, MessageStatus } from '../../objects.js'
import { integer, text, type Statements } from '../rows.js'
import { messageOf, type NewMessage, type StoredMessage } from './stored-message.js'

export { messageOf, type NewMessage, type StoredMessage } from './stored-message.js'

/** What a recipient's device said of an own message. */
export interface StoredReceipt {
  readonly message: MessageId
  readonly account: AccountId
  readonly status: 'delivered' | 'read'
  /** Relay time. */
  readonly atMs: number
}

/** A place in a conversation's order: what has arrived before what waits, then (arrival, author, id). */
export interface Place {
  readonly queued: boolean
  readonly arrivalMs: number
  readonly author: string
  readonly id: string
}

/** Before and after everything that happened at `arrivalMs`. */
export const placeBefore = (arrivalMs: number): Place => place(arrivalMs, '')
export const placeAfter = (arrivalMs: number): Place => place(arrivalMs, '~')
const place = (arrivalMs: number, end: string): Place => ({
  ...{ queued: false, arrivalMs, author: end, id: end },
})

export function placeOf({ status, arrivalMs, author, id }: StoredMessage): Place {
  return { queued: status === 'queued', arrivalMs, author, id }
}

/** Below 0 where the one stands before the other, above 0 behind it. */
export function comparePlaces(one: Place, other: Place): number {
  return (
    Number(one.queued) - Number(other.queued) ||
    one.arrivalMs - other.arrivalMs ||
    compareTexts(one.author, other.author) ||
    compareTexts(one.id, other.id)
  )
}

/** As SQLite has them, for what is ASCII. */
const compareTexts = (one: string, other: string): number =>
  one < other ? -1 : one > other ? 1 : 0

export interface MessageCounts {
  readonly sent: number
  readonly received: number
  readonly unread: number
  readonly held: number
}

export interface PageRequest {
  readonly conversation: ConversationId
  readonly limit: number
  readonly before?: Place
  readonly after?: Place
}

/** What is kept of one request; the first text is always among it. */
export interface HeldBounds {
  readonly countMax: number
  readonly bytesMax: number
}

/** How far a message has come; a status never goes back. */
const PROGRESS: Readonly<Record<MessageStatus, number>> = {
  failed: 0,
  queued: 1,
  accepted: 2,
  delivered: 3,
  read: 4,
}

export function isAdvance(from: MessageStatus | 'received', to: MessageStatus): boolean {
  if (from === 'received') return false
  if (to === 'failed') return from === 'queued'
  return PROGRESS[to] > PROGRESS[from]
}

const FIRST: Place = placeBefore(-1)
const LAST: Place = { ...placeAfter(Number.MAX_SAFE_INTEGER), queued: true }
const BETWEEN = `(queued, arrival_ms, author, id) > (?, ?, ?, ?)
  AND (queued, arrival_ms, author, id) < (?, ?, ?, ?)`
const valuesOf = ({ queued, arrivalMs, author, id }: Place): readonly (number | string)[] => [
  ...[queued ? 1 : 0, arrivalMs, author, id],
]

/** A failure as scripts read it. */
export type FailureDetail = ErrorObject & { readonly code: ErrorCodeName }

export class MessagesReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  get(author: AccountId, id: MessageId): StoredMessage | undefined {
    const row = this.sql.get('SELECT * FROM message WHERE author = ? AND id = ?', [author, id])
    return row === undefined ? undefined : messageOf(row)
  }

  /** Those of the id in one conversation: one, but for what its author cannot have meant. Nothing held. */
  ofId(conversation: ConversationId, id: string): readonly StoredMessage[] {
    return this.sql
      .all('SELECT * FROM message WHERE id = ? AND conversation = ? AND held = 0', [
        ...[id, conversation],
      ])
      .map(messageOf)
  }

  /** At most two: enough to tell "unknown" from "ambiguous". */
  byIdPrefix(prefix: string): readonly StoredMessage[] {
    return this.sql
      .all('SELECT * FROM message WHERE id >= ? AND id < ? ORDER BY id LIMIT 2', [
        prefix,
        `${prefix}~`,
      ])
      .map(messageOf)
  }

  /** The newest of a conversation, or of all. Nothing held. */
  last(conversation: ConversationId | undefined): StoredMessage | undefined {
    const row =
      conversation === undefined
        ? this.sql.get('SELECT * FROM message WHERE held = 0 ORDER BY row DESC LIMIT 1')
        : this.sql.get(
            `SELECT * FROM message WHERE conversation = ? AND held = 0
             ORDER BY queued DESC, arrival_ms DESC, author DESC, id DESC LIMIT 1`,
            [conversation],
          )
    return row === undefined ? undefined : messageOf(row)
  }

  /** The latest `limit` in the range, oldest first. With `after` alone: the earliest. Nothing held. */
  page(request: PageRequest): readonly StoredMessage[] {
    const from = request.after ?? FIRST
    const to = request.before ?? LAST
    const forwards = request.after !== undefined && request.before === undefined
    const way = forwards ? 'ASC' : 'DESC'
    const rows = this.sql.all(
      `SELECT * FROM message
       WHERE conversation = ? AND held = 0 AND ${BETWEEN}
       ORDER BY queued ${way}, arrival_ms ${way}, author ${way}, id ${way} LIMIT ? + 0`,
      [request.conversation, ...valuesOf(from), ...valuesOf(to), request.limit],
    )
    return forwards ? rows.map(messageOf) : rows.map(messageOf).reverse()
  }

  /** How many there are in the range. Nothing held. */
  count({ conversation, after = FIRST, before = LAST }: Omit<PageRequest, 'limit'>): number {
    const row = this.sql.get(
      `SELECT COUNT(*) AS count FROM message
       WHERE conversation = ? AND held = 0 AND ${BETWEEN}`,
      [conversation, ...valuesOf(after), ...valuesOf(before)],
    )
    return row === undefined ? 0 : integer(row, 'count')
  }

  /** From a request nobody accepted yet, as they came, whatever the relay's clock said then. */
  heldOf(author: AccountId): readonly StoredMessage[] {
    return this.sql
      .all('SELECT * FROM message WHERE author = ? AND held = 1 ORDER BY row', [author])
      .map(messageOf)
  }

  hasHeld(author: AccountId): boolean {
    const row = this.sql.get(
      'SELECT 1 AS some FROM message WHERE author = ? AND held = 1 LIMIT 1',
      [author],
    )
    return row !== undefined
  }

  /** How much of a conversation there is, by what it is. */
  counts(conversation: ConversationId): MessageCounts {
    const row = this.sql.get(
      `SELECT COUNT(*) FILTER (WHERE status != 'received') AS sent,
              COUNT(*) FILTER (WHERE status = 'received') AS received,
              COUNT(*) FILTER (WHERE status = 'received' AND seen = 0) AS unread,
              (SELECT COUNT(*) FROM message WHERE conversation = ? AND held = 1) AS held
       FROM message WHERE conversation = ? AND held = 0`,
      [conversation, conversation],
    )
    const count = (column: string): number => (row === undefined ? 0 : integer(row, column))
    return {
      sent: count('sent'),
      received: count('received'),
      unread: count('unread'),
      held: count('held'),
    }
  }

  unseenOf(conversation: ConversationId): readonly StoredMessage[] {
    return this.sql
      .all(
        `SELECT * FROM message WHERE conversation = ? AND seen = 0 AND held = 0 AND status = 'received'`,
        [conversation],
      )
      .map(messageOf)
  }

  /** Why an own message failed; undefined where it did not. */
  failureOf(message: MessageId): FailureDetail | undefined {
    const row = this.sql.get('SELECT error FROM message_failure WHERE message = ?', [message])
    return row === undefined ? undefined : (JSON.parse(text(row, 'error')) as FailureDetail)
  }

  /** Of an own message, oldest first. */
  receiptsOf(message: MessageId): readonly StoredReceipt[] {
    return this.sql
      .all('SELECT * FROM message_receipt WHERE message = ? ORDER BY at_ms, account, type', [
        message,
      ])
      .map((row) => ({
        message,
        account: text(row, 'account') as AccountId,
        status: text(row, 'type') === 'read' ? 'read' : 'delivered',
        atMs: integer(row, 'at_ms'),
      }))
  }
}

export class MessagesWriter extends MessagesReader {
  /** False where the author has a message of that id already: the first one stays. */
  add(message: NewMessage): boolean {
    const added = this.sql.run(
      `INSERT INTO message (conversation, author, id, device, sent_ms, arrival_ms, body, raw, reply_author, reply_id, status, held, seen, silent)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (author, id) DO NOTHING`,
      [
        message.conversation,
        message.author,
        message.id,
        message.device,
        message.sentMs,
        message.arrivalMs,
        message.body,
        message.raw,
        message.replyAuthor,
        message.replyId,
        message.status,
        message.held ? 1 : 0,
        message.seen ? 1 : 0,
        message.silent ? 1 : 0,
      ],
    )
    return added === 1
  }

  /** False where the message is unknown or has come as far already. */
  advance(author: AccountId, id: MessageId, status: MessageStatus): boolean {
    const message = this.get(author, id)
    if (message === undefined || !isAdvance(message.status, status)) return false
    this.sql.run('UPDATE message SET status = ? WHERE author = ? AND id = ?', [status, author, id])
    return true
  }

  /** False where it has got further than the outbox: then it did not fail. */
  fail(author: AccountId, id: MessageId, error: ErrorObject): boolean {
    if (!this.advance(author, id, 'failed')) return false
    this.sql.run('INSERT OR REPLACE INTO message_failure VALUES (?, ?)', [
      id,
      JSON.stringify(error),
    ])
    return true
  }

  /** It failed, and had been sealed: the relay may have it although no answer came. */
  noteMayHaveArrived(author: AccountId, id: MessageId): void {
    this.sql.run('UPDATE message SET may_have_arrived = 1 WHERE author = ? AND id = ?', [
      ...[author, id],
    ])
  }

  /** A message that failed is to be sent after all. */
  requeue(author: AccountId, id: MessageId): void {
    this.sql.run(`UPDATE message SET status = 'queued' WHERE author = ? AND id = ?`, [author, id])
    this.sql.run('DELETE FROM message_failure WHERE message = ?', [id])
  }

  /** The first of a kind stays. */
  addReceipt({ message, account, status, atMs }: StoredReceipt): void {
    this.sql.run('INSERT INTO message_receipt VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', [
      ...[message, account, status, atMs],
    ])
  }

  /**
   * Its arrival is not known, but that it came after all that its author sent there before: it moves
   * behind them where it stands before them.
   */
  setArrivalAfterSent(author: AccountId, id: MessageId): void {
    this.sql.run(
      `UPDATE message SET arrival_ms = MAX(arrival_ms, COALESCE((
         SELECT sent.arrival_ms FROM message sent
         WHERE sent.conversation = message.conversation AND sent.held = 0 AND sent.queued = 0
           AND sent.author = message.author AND sent.status IN ('accepted', 'delivered', 'read')
         ORDER BY sent.arrival_ms DESC LIMIT 1), 0))
       WHERE author = ? AND id = ?`,
      [author, id],
    )
  }

  setArrival(author: AccountId, id: MessageId, arrivalMs: number): void {
    this.sql.run('UPDATE message SET arrival_ms = ? WHERE author = ? AND id = ?', [
      arrivalMs,
      author,
      id,
    ])
  }

  release(author: AccountId): void {
    this.sql.run('UPDATE message SET held = 0 WHERE author = ? AND held = 1', [author])
  }

  /** Forgets what somebody wrote before they were accepted. Answers how many texts went. */
  removeHeld(author: AccountId): number {
    return this.sql.run('DELETE FROM message WHERE author = ? AND held = 1', [author])
  }

  /**
   * Lets the oldest held texts go, but for the first, until at most `countMax` are left that take
   * `bytesMax`. Answers how many went.
   */
  trimHeld(author: AccountId, { countMax, bytesMax }: HeldBounds): number {
    return this.sql.run(
      `DELETE FROM message WHERE row IN (
         SELECT row FROM (
           SELECT row,
             ROW_NUMBER() OVER (ORDER BY row DESC) AS place,
             ROW_NUMBER() OVER (ORDER BY row) AS first,
             SUM(LENGTH(CAST(COALESCE(body, '') AS BLOB))) OVER (ORDER BY row DESC) AS bytes
           FROM message WHERE author = ? AND held = 1)
         WHERE first > 1 AND (place >= ? OR bytes > ?))`,
      [author, countMax, bytesMax],
    )
  }

  markSeen(author: AccountId, id: MessageId): void {
    this.sql.run('UPDATE message SET seen = 1 WHERE author = ? AND id = ?', [author, id])
  }
}
