import type { AccountId, Bytes, ConversationId, ErrorObject, MessageId } from '@sotto/protocol'
import type { ChangeKind, GapReason } from '../../objects.js'
import type { IdentityEvent } from './identity-log.js'
import {
  integer,
  integerOrNull,
  text,
  textOrNull,
  type Row,
  type Statements,
  type Value,
} from '../rows.js'

/** What of somebody's names has changed: ours for them, their username as confirmed, or their own. */
export type NameKind = 'alias' | 'handle' | 'name'

/** What happened, beyond whose it was and when. */
export type Happening =
  | { readonly kind: 'gap'; readonly reason: Exclude<GapReason, 'purged'> }
  | { readonly kind: 'undecryptable'; readonly resendAsked: boolean }
  | {
      readonly kind: 'identity'
      /** `succeeded`: this account was taken for the one that had their username before. */
      readonly change: Exclude<IdentityEvent, 'met'> | 'succeeded'
      /** The account that has the username now, where it went from one to another; of `succeeded` the one before. */
      readonly other: AccountId | null
    }
  | {
      readonly kind: 'change-failed'
      readonly change: ChangeKind
      readonly message: MessageId
      readonly error: ErrorObject
      /** The row of the outbox that it was. */
      readonly outbox: number
    }
  | { readonly kind: 'block'; readonly blocked: boolean }
  | {
      readonly kind: 'name'
      readonly what: NameKind
      readonly from: string | null
      readonly to: string | null
    }

export interface NewTimelineEvent {
  /** The other one of the conversation; null: nobody can tell whose it was. */
  readonly account: AccountId | null
  /** Relay time, whole Unix milliseconds. */
  readonly atMs: number
  readonly happening: Happening
  /** Messages that it is about; 1 unless given. */
  readonly count?: number
  /** SHA-256 of the ratchet message that its author was asked to send again. */
  readonly digest?: Bytes | undefined
}

/** Losses of one kind between the same two messages are one. */
export interface TimelineEvent extends Required<Omit<NewTimelineEvent, 'digest'>> {
  /** Of the first of them; the order of what happened in the same millisecond. */
  readonly row: number
  /** How many of `count` have come again. */
  readonly filled: number
}

/** Relay times, Unix milliseconds. */
export interface TimelineRange {
  readonly conversation: ConversationId
  readonly account: AccountId
  /** Inclusive. */
  readonly fromMs: number
  /** Exclusive. */
  readonly untilMs: number
  /** The newest so many. */
  readonly limit: number
  /** So many of the newest are left out. */
  readonly skip: number
}

/** What happened in conversations beside their messages, for as long as there is a store. */
export class TimelineReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  /** Oldest first. What nobody can tell the conversation of stands in all that there were then. */
  page({
    conversation,
    account,
    fromMs,
    untilMs,
    limit,
    skip,
  }: TimelineRange): readonly TimelineEvent[] {
    const columns = 'row, account, at_ms, kind, detail, count, filled_ms, newest'
    const rows = this.sql.all(
      `SELECT MIN(row) AS row, account, MIN(at_ms) AS at_ms, kind, detail, SUM(count) AS count,
         SUM(CASE WHEN filled_ms IS NULL THEN 0 ELSE count END) AS filled
       FROM (
         SELECT ${columns} FROM timeline_event WHERE account = ? AND at_ms >= ? AND at_ms < ?
         UNION ALL
         SELECT ${columns} FROM timeline_event WHERE account IS NULL AND at_ms >= ? AND at_ms < ?)
       GROUP BY account, kind, detail,
         CASE WHEN kind IN ('gap', 'undecryptable') THEN newest ELSE -row END
       ORDER BY at_ms DESC, row DESC LIMIT ? + 0 OFFSET ? + 0`,
      [
        ...[account, fromMs, untilMs],
        ...[Math.max(fromMs, this.#beganMs(conversation)), untilMs, limit, skip],
      ],
    )
    return rows.map(timelineEvent).reverse()
  }

  /** Why a change that was this row of the outbox will not be sent; undefined: it is not known to fail. */
  changeFailure(account: AccountId, outbox: number): ErrorObject | undefined {
    const row = this.sql.get(
      `SELECT detail FROM timeline_event WHERE account = ? AND kind = 'change-failed'
         AND json_extract(detail, '$.outbox') = ?`,
      [account, outbox],
    )
    if (row === undefined) return undefined
    // Written here only, as `Happening` has it.
    return (JSON.parse(text(row, 'detail')) as { readonly error: ErrorObject }).error
  }

  /** The newest message of a conversation that had arrived then; undefined: none had. */
  messageBefore(conversation: ConversationId, atMs: number): MessageId | undefined {
    const row = this.sql.get(
      `SELECT id FROM message
       WHERE conversation = ? AND held = 0 AND queued = 0 AND arrival_ms <= ?
       ORDER BY arrival_ms DESC, author DESC, id DESC LIMIT 1`,
      [conversation, atMs],
    )
    return row === undefined ? undefined : (text(row, 'id') as MessageId)
  }

  /** What was lost before there was a conversation cannot have been of it. */
  #beganMs(conversation: ConversationId): number {
    const row = this.sql.get(
      `SELECT MIN(created_ms, COALESCE(
         (SELECT MIN(arrival_ms) FROM message WHERE conversation = ? AND held = 0), created_ms)) AS ms
       FROM conversation WHERE id = ?`,
      [conversation, conversation],
    )
    return row === undefined ? Number.MAX_SAFE_INTEGER : integer(row, 'ms')
  }
}

export class TimelineWriter extends TimelineReader {
  /**
   * A loss after which no message came counts with the one before it, so that whoever makes losses
   * without end makes no rows without end; names that change without a word between are one change.
   */
  add({ account, atMs, happening, count = 1, digest }: NewTimelineEvent): void {
    const { kind, ...detail } = happening
    const newest = this.#newestMessage()
    if (digest === undefined && (kind === 'gap' || kind === 'undecryptable')) {
      const added = this.sql.run(
        `UPDATE timeline_event SET count = count + ? WHERE row = (
           SELECT row FROM timeline_event
           WHERE newest = ? AND account IS ? AND kind = ? AND detail = ? AND digest IS NULL LIMIT 1)`,
        [count, newest, account, kind, JSON.stringify(detail)],
      )
      if (added > 0) return
    }
    if (happening.kind === 'name') {
      if (this.#renamedAgain(account, newest, happening)) return
      if (happening.from === null && this.#isFirstHandle(account, happening.what)) return
    }
    this.sql.run(
      `INSERT INTO timeline_event (account, at_ms, kind, detail, count, digest, newest)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [account, atMs, kind, JSON.stringify(detail), count, digest ?? null, newest],
    )
  }

  /** What was asked for again has come. */
  fill({ account, digest, atMs }: { account: AccountId; digest: Bytes; atMs: number }): void {
    this.sql.run(
      'UPDATE timeline_event SET filled_ms = ? WHERE digest = ? AND account = ? AND filled_ms IS NULL',
      [atMs, digest, account],
    )
  }

  /** Whoever is forgotten is so under all their names. */
  forgetNames(account: AccountId): void {
    this.sql.run(`DELETE FROM timeline_event WHERE account = ? AND kind = 'name'`, [account])
  }

  #renamedAgain(
    account: AccountId | null,
    newest: number,
    { what, to }: Extract<Happening, { readonly kind: 'name' }>,
  ): boolean {
    const row = this.sql.get(
      `SELECT row, json_extract(detail, '$.from') AS before FROM timeline_event
       WHERE newest = ? AND account IS ? AND kind = 'name' AND json_extract(detail, '$.what') = ?`,
      [newest, account, what],
    )
    if (row === undefined) return false
    const at: readonly Value[] = [integer(row, 'row')]
    const from = textOrNull(row, 'before')
    if (from === to) this.sql.run('DELETE FROM timeline_event WHERE row = ?', at)
    else
      this.sql.run('UPDATE timeline_event SET detail = ? WHERE row = ?', [
        JSON.stringify({ what, from, to }),
        ...at,
      ])
    return true
  }

  /** A username that is looked up for the first time is no change: it was claimed before. */
  #isFirstHandle(account: AccountId | null, what: NameKind): boolean {
    if (what !== 'handle') return false
    const row = this.sql.get(
      `SELECT 1 AS some FROM timeline_event
       WHERE account IS ? AND kind = 'name' AND json_extract(detail, '$.what') = 'handle' LIMIT 1`,
      [account],
    )
    return row === undefined
  }

  #newestMessage(): number {
    const row = this.sql.get('SELECT MAX(row) AS row FROM message')
    return row === undefined ? 0 : (integerOrNull(row, 'row') ?? 0)
  }
}

function timelineEvent(row: Row): TimelineEvent {
  return {
    row: integer(row, 'row'),
    account: textOrNull(row, 'account') as AccountId | null,
    atMs: integer(row, 'at_ms'),
    // Written here only, as `Happening` has it.
    happening: { kind: text(row, 'kind'), ...JSON.parse(text(row, 'detail')) } as Happening,
    count: integer(row, 'count'),
    filled: integer(row, 'filled'),
  }
}
