import type { AccountId, Bytes, ConversationId } from '@sotto/protocol'
import type { RowCache } from '../row-cache.js'
import { blobOrNull, integer, text, textOrNull, type Row, type Statements } from '../rows.js'

/** Another account, as a person knows it. */
export interface Contact {
  readonly account: AccountId
  readonly trust: 'known' | 'request'
  /** The local name, without `@`. */
  readonly alias: string | null
  /** The username, confirmed by a lookup. */
  readonly handle: string | null
  /** The username as the account itself says. */
  readonly claimed: string | null
  readonly name: string | null
  /** Leave to submit to it; null: only a stranger's leave. */
  readonly accessKey: Bytes | null
  /** Version of its profile that we have; 0: none. */
  readonly profileVersion: number
  /** Version of our profile that it was sent; 0: none. */
  readonly profileSent: number
  readonly route: Bytes | null
  readonly createdMs: number
  /** What comes from them is dropped. */
  readonly blocked: boolean
  /** What they say about themselves; empty: nothing. */
  readonly status: string
  /** The account that has their username now; its safety number is another one. */
  readonly successor: AccountId | null
  /** The claim that was looked up last, and when. */
  readonly claimChecked: string | null
  readonly claimCheckedMs: number
  /** Secret of the invite by which we know them; until they have answered. */
  readonly inviteSecret: Bytes | null
  /** Texts of this request that were let go, because too many waited. */
  readonly heldDropped: number
}

/** Somebody of whom nothing is known yet. */
export function newContact(
  contact: Pick<Contact, 'account' | 'trust' | 'createdMs'> & Partial<Contact>,
): Contact {
  return {
    alias: null,
    handle: null,
    claimed: null,
    name: null,
    accessKey: null,
    profileVersion: 0,
    profileSent: 0,
    route: null,
    blocked: false,
    status: '',
    successor: null,
    claimChecked: null,
    claimCheckedMs: 0,
    inviteSecret: null,
    heldDropped: 0,
    ...contact,
  }
}

export interface Conversation {
  readonly id: ConversationId
  readonly kind: 'direct' | 'self'
  /** The peer; one's own account for the note to self. */
  readonly account: AccountId
}

/** Contacts by account: one is asked for several times by each of their messages. */
export type ContactCache = RowCache<AccountId, Contact>

/** Conversations by id: every event names one. */
export type ConversationCache = RowCache<ConversationId, Conversation>

export class ContactsReader {
  protected readonly sql: Statements
  protected readonly known: ContactCache
  protected readonly conversations: ConversationCache

  constructor(sql: Statements, known: ContactCache, conversations: ConversationCache) {
    this.sql = sql
    this.known = known
    this.conversations = conversations
  }

  byAccount(account: AccountId): Contact | undefined {
    return this.known.get(account, () =>
      one(this.sql.get('SELECT * FROM contact WHERE account = ?', [account])),
    )
  }

  byAlias(alias: string): Contact | undefined {
    return one(this.sql.get('SELECT * FROM contact WHERE alias = ?', [alias]))
  }

  /** Usernames are case-insensitive. */
  byHandle(handle: string): readonly Contact[] {
    return this.sql
      .all('SELECT * FROM contact WHERE handle = ? COLLATE NOCASE', [handle])
      .map(contactOf)
  }

  /** Whose username went to that account. */
  bySuccessor(successor: AccountId): readonly Contact[] {
    return this.sql.all('SELECT * FROM contact WHERE successor = ?', [successor]).map(contactOf)
  }

  /**
   * Somebody whose claimed username is worth a lookup: a contact's that is not confirmed, or a
   * request's that a contact is known by. Not one that was looked up since `sinceMs`; of a request
   * no other one either, for who claims one name after the other must not learn which we know.
   */
  claimDue(clock: { readonly sinceMs: number; readonly nowMs: number }): Contact | undefined {
    return one(
      this.sql.get(
        `SELECT c.* FROM contact c
         WHERE c.claimed IS NOT NULL AND c.handle IS NULL AND c.blocked = 0
           AND (c.claim_checked IS NULL OR c.claim_checked_ms < ? OR c.claim_checked_ms > ?
             OR c.trust = 'known' AND c.claim_checked != c.claimed)
           AND (c.trust = 'known' OR EXISTS (
             SELECT 1 FROM contact other
             WHERE other.handle = c.claimed COLLATE NOCASE AND other.trust = 'known'))
         ORDER BY c.trust, c.created_ms LIMIT 1`,
        [clock.sinceMs, clock.nowMs],
      ),
    )
  }

  /** By what accounts say of themselves. */
  byClaim(username: string): readonly Contact[] {
    return this.sql
      .all('SELECT * FROM contact WHERE claimed = ? COLLATE NOCASE ORDER BY created_ms, account', [
        username,
      ])
      .map(contactOf)
  }

  /**
   * Requests that have to give way, so that `newest` is one of `max`: the oldest of those about which
   * nobody has decided anything.
   */
  requestsBeyond(max: number, newest: AccountId): readonly Contact[] {
    return this.sql
      .all(
        `SELECT * FROM contact
         WHERE trust = 'request' AND blocked = 0 AND alias IS NULL AND account != ?
           AND account NOT IN (SELECT successor FROM contact WHERE successor IS NOT NULL)
           AND account NOT IN (SELECT account FROM peer WHERE verified = 1)
         ORDER BY created_ms DESC, account LIMIT -1 OFFSET ?`,
        [newest, max - 1],
      )
      .map(contactOf)
  }

  all(): readonly Contact[] {
    return this.sql.all('SELECT * FROM contact ORDER BY created_ms, account').map(contactOf)
  }

  conversation(id: ConversationId): Conversation | undefined {
    return this.conversations.get(id, () =>
      conversation(this.sql.get('SELECT * FROM conversation WHERE id = ?', [id])),
    )
  }

  conversationWith(account: AccountId): Conversation | undefined {
    return conversation(this.sql.get('SELECT * FROM conversation WHERE account = ?', [account]))
  }

  conversationsByPrefix(prefix: string): readonly Conversation[] {
    return this.sql
      .all('SELECT * FROM conversation WHERE id >= ? AND id < ? LIMIT 2', [prefix, `${prefix}~`])
      .map(conversationOf)
  }
}

export class ContactsWriter extends ContactsReader {
  save(contact: Contact): void {
    if (contact.alias === null) this.known.forget(contact.account)
    else this.known.forgetAll() // Whoever had the alias is replaced.
    this.sql.run(`INSERT OR REPLACE INTO contact VALUES (?${', ?'.repeat(17)})`, [
      contact.account,
      contact.trust,
      contact.alias,
      contact.handle,
      contact.claimed,
      contact.name,
      contact.accessKey,
      contact.profileVersion,
      contact.profileSent,
      contact.route,
      contact.createdMs,
      contact.blocked ? 1 : 0,
      contact.status,
      contact.successor,
      contact.claimChecked,
      contact.claimCheckedMs,
      contact.inviteSecret,
      contact.heldDropped,
    ])
  }

  /**
   * Forgets somebody; the conversation stays where anything was said in it. Their session opens what
   * they have sealed already, until `letGo` (of the peers) takes it away.
   */
  remove(account: AccountId, atMs: number): void {
    this.known.forget(account)
    this.sql.run('DELETE FROM contact WHERE account = ?', [account])
    this.sql.run('INSERT OR REPLACE INTO forgotten VALUES (?, ?)', [account, atMs])
    this.conversations.forgetAll()
    this.sql.run(
      `DELETE FROM conversation
       WHERE account = ? AND NOT EXISTS (SELECT 1 FROM message WHERE conversation = conversation.id)`,
      [account],
    )
  }

  /** Does nothing where it exists. */
  openConversation(conversation: Conversation, nowMs: number): void {
    this.conversations.forget(conversation.id)
    this.sql.run(
      'INSERT INTO conversation (id, kind, account, created_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      [conversation.id, conversation.kind, conversation.account, nowMs],
    )
  }
}

function one(row: Row | undefined): Contact | undefined {
  return row === undefined ? undefined : contactOf(row)
}

function contactOf(row: Row): Contact {
  return {
    account: text(row, 'account') as AccountId,
    trust: text(row, 'trust') === 'known' ? 'known' : 'request',
    alias: textOrNull(row, 'alias'),
    handle: textOrNull(row, 'handle'),
    claimed: textOrNull(row, 'claimed'),
    name: textOrNull(row, 'name'),
    accessKey: blobOrNull(row, 'access_key'),
    profileVersion: integer(row, 'profile_version'),
    profileSent: integer(row, 'profile_sent'),
    route: blobOrNull(row, 'route'),
    createdMs: integer(row, 'created_ms'),
    blocked: integer(row, 'blocked') === 1,
    status: text(row, 'status'),
    successor: textOrNull(row, 'successor') as AccountId | null,
    claimChecked: textOrNull(row, 'claim_checked'),
    claimCheckedMs: integer(row, 'claim_checked_ms'),
    inviteSecret: blobOrNull(row, 'invite_secret'),
    heldDropped: integer(row, 'held_dropped'),
  }
}

function conversation(row: Row | undefined): Conversation | undefined {
  return row === undefined ? undefined : conversationOf(row)
}

export function conversationOf(row: Row): Conversation {
  return {
    id: text(row, 'id') as ConversationId,
    kind: text(row, 'kind') === 'self' ? 'self' : 'direct',
    account: text(row, 'account') as AccountId,
  }
}
