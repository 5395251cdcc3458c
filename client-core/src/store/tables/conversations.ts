import { assert, type AccountId, type ConversationId } from '@sotto/protocol'
import { NOTIFY_RULES, type NotifyRule } from '../../conversation/notify-rule.js'
import { integer, integerOrNull, text, textOrNull, type Row, type Statements } from '../rows.js'
import { conversationOf, type Contact, type Conversation } from './contacts.js'
import { messageOf, type StoredMessage } from './messages.js'

/** What a list says of the peer; of who is no contact, and of oneself, nothing is known. */
export interface ConversationPeer extends Pick<Contact, 'alias' | 'handle' | 'trust'> {
  /** A person compared the safety number. */
  readonly verified: boolean
}

/** A conversation with how it stands. */
export interface ConversationState {
  readonly conversation: Conversation
  readonly peer: ConversationPeer
  /** Received and not seen; nothing held. */
  readonly unread: number
  /** Marked by hand, to come back to. */
  readonly markedUnread: boolean
  /** MUTED_FOR_EVER has no end; null: not muted. */
  readonly mutedUntilMs: number | null
  readonly notify: NotifyRule
  readonly archived: boolean
  readonly pinned: boolean
  /** Arrival of the newest message, else when the conversation began. */
  readonly activeMs: number
  readonly last: StoredMessage | undefined
}

export const MUTED_FOR_EVER = Number.MAX_SAFE_INTEGER

/** Which conversations a list is of. */
export type ConversationChoice =
  | 'all'
  /** What is neither archived nor a request. */
  | 'inbox'
  | 'archived'
  /** Of the inbox, those with something unread. */
  | 'unread'

const IN_INBOX = `c.archived = 0
  AND c.account NOT IN (SELECT account FROM contact WHERE trust = 'request')`
const HAS_UNREAD = 'c.id IN (SELECT conversation FROM message WHERE seen = 0 AND held = 0)'
const CHOICES: Readonly<Record<ConversationChoice, string>> = {
  all: 'TRUE',
  inbox: IN_INBOX,
  archived: 'c.archived = 1',
  unread: `${IN_INBOX} AND (c.marked_unread = 1 OR ${HAS_UNREAD})`,
}

const PEER = `k.trust AS peer_trust, k.alias AS peer_alias, k.handle AS peer_handle,
  p.verified AS peer_verified`
const PEER_JOINS = `LEFT JOIN contact k ON k.account = c.account
  LEFT JOIN peer p ON p.account = c.account`
const ORDER = 'pinned_ms IS NULL, activity_ms DESC, c.id'

export class ConversationsReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  state(id: ConversationId): ConversationState | undefined {
    const [state] = this.#states('c.id = ?', [id, 1])
    return state
  }

  /** Pinned ones first, then the latest activity. */
  list(choice: ConversationChoice, limit: number): readonly ConversationState[] {
    return this.#states(CHOICES[choice], [limit])
  }

  /** The peer of a conversation that may not have begun. */
  peer(account: AccountId): ConversationPeer {
    const row = this.sql.get(`SELECT ${PEER} FROM (SELECT ? AS account) c ${PEER_JOINS}`, [account])
    assert(row !== undefined, 'a row without a table is one row')
    return peerOf(row)
  }

  #states(condition: string, values: readonly (string | number)[]): readonly ConversationState[] {
    return this.sql
      .all(
        `WITH chosen AS (
           SELECT c.*, IIF(c.active_ms = 0, c.created_ms, c.active_ms) AS activity_ms
           FROM conversation c WHERE ${condition} ORDER BY ${ORDER} LIMIT ? + 0
         )
         SELECT c.id AS conversation_id, c.kind, c.account, c.activity_ms, c.marked_unread,
           c.muted_until_ms, c.notify, c.archived, c.pinned_ms, m.*, ${PEER},
           (SELECT COUNT(*) FROM message u
            WHERE u.conversation = c.id AND u.seen = 0 AND u.held = 0) AS unread
         FROM chosen c ${PEER_JOINS} LEFT JOIN message m ON m.row = (
           SELECT n.row FROM message n WHERE n.conversation = c.id AND n.held = 0
           ORDER BY n.queued DESC, n.arrival_ms DESC, n.author DESC, n.id DESC LIMIT 1)
         ORDER BY ${ORDER}`,
        values,
      )
      .map(stateOf)
  }
}

/** Each does nothing where it is so already. */
export class ConversationsWriter extends ConversationsReader {
  /** Null: no longer. */
  mute(id: ConversationId, untilMs: number | null): void {
    this.sql.run('UPDATE conversation SET muted_until_ms = ? WHERE id = ?', [untilMs, id])
  }

  notify(id: ConversationId, rule: NotifyRule): void {
    this.sql.run('UPDATE conversation SET notify = ? WHERE id = ?', [rule, id])
  }

  archive(id: ConversationId, archived: boolean): void {
    this.sql.run('UPDATE conversation SET archived = ? WHERE id = ?', [archived ? 1 : 0, id])
  }

  /** Null: no longer. */
  pin(id: ConversationId, atMs: number | null): void {
    this.sql.run('UPDATE conversation SET pinned_ms = ? WHERE id = ?', [atMs, id])
  }

  markUnread(id: ConversationId, marked: boolean): void {
    this.sql.run('UPDATE conversation SET marked_unread = ? WHERE id = ?', [marked ? 1 : 0, id])
  }

  /** Something came: it is taken out of the archive, unless it is muted. */
  stir(id: ConversationId, nowMs: number): void {
    this.sql.run(
      `UPDATE conversation SET archived = 0
       WHERE id = ? AND archived = 1 AND (muted_until_ms IS NULL OR muted_until_ms <= ?)`,
      [id, nowMs],
    )
  }
}

function ruleOf(written: string): NotifyRule {
  const rule = NOTIFY_RULES.find((each) => each === written)
  assert(rule !== undefined, 'the table holds nothing else')
  return rule
}

function peerOf(row: Row): ConversationPeer {
  return {
    trust: row['peer_trust'] === 'known' ? 'known' : 'request',
    alias: textOrNull(row, 'peer_alias'),
    handle: textOrNull(row, 'peer_handle'),
    verified: row['peer_verified'] === 1,
  }
}

function stateOf(row: Row): ConversationState {
  return {
    conversation: conversationOf({
      ...{ id: text(row, 'conversation_id'), kind: text(row, 'kind') },
      account: text(row, 'account'),
    }),
    peer: peerOf(row),
    unread: integer(row, 'unread'),
    markedUnread: integer(row, 'marked_unread') === 1,
    mutedUntilMs: integerOrNull(row, 'muted_until_ms'),
    notify: ruleOf(text(row, 'notify')),
    archived: integer(row, 'archived') === 1,
    pinned: integerOrNull(row, 'pinned_ms') !== null,
    activeMs: integer(row, 'activity_ms'),
    last: textOrNull(row, 'conversation') === null ? undefined : messageOf(row),
  }
}
