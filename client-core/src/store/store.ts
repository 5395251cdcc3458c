import type { Database } from '@signalapp/sqlcipher'
import {
  assert,
  InvariantError,
  StorageError,
  type MessageId,
  type SecretBytes,
} from '@sotto/protocol'
import type { Clock } from '../ports.js'
import { eraseFailedCommit, guarded, openDatabase } from './database.js'
import { StoreCondition } from './condition.js'
import { KeptAnswer, RowCache } from './row-cache.js'
import { Statements } from './rows.js'
import {
  AccountReader,
  AccountWriter,
  type CertificateAnswer,
  type OwnAnswer,
} from './tables/account.js'
import {
  ContactsReader,
  ContactsWriter,
  type ContactCache,
  type ConversationCache,
} from './tables/contacts.js'
import { ChangesReader, ChangesWriter } from './tables/changes.js'
import { CountsReader } from './tables/counts.js'
import { ConversationsReader, ConversationsWriter } from './tables/conversations.js'
import { DraftsReader, DraftsWriter } from './tables/drafts.js'
import { IdentityLogReader, IdentityLogWriter } from './tables/identity-log.js'
import { InboxReader, InboxWriter } from './tables/inbox.js'
import { InvitesReader, InvitesWriter } from './tables/invites.js'
import {
  JournalReader,
  JournalWriter,
  type JournalIdAnswer,
  type NewJournalRow,
} from './tables/journal.js'
import { MessagesReader, MessagesWriter } from './tables/messages.js'
import { OutboxAnswers, OutboxReader, OutboxWriter } from './tables/outbox.js'
import { PeersReader, PeersWriter, type PeerCache, type SessionCache } from './tables/peers.js'
import { PrekeysReader, PrekeysWriter } from './tables/prekeys.js'
import { SearchReader } from './tables/search.js'
import { SentReader, SentWriter, type NextErrorAnswer } from './tables/sent.js'
import { PermitsReader, PermitsWriter } from './tables/permits.js'
import { SettingsReader, SettingsWriter } from './tables/settings.js'
import { TimelineReader, TimelineWriter } from './tables/timeline.js'

/** Reads what is committed. It has no way to write. */
export interface Reader {
  readonly account: AccountReader
  readonly changes: ChangesReader
  readonly contacts: ContactsReader
  readonly conversations: ConversationsReader
  readonly counts: CountsReader
  readonly drafts: DraftsReader
  readonly identityLog: IdentityLogReader
  readonly inbox: InboxReader
  readonly invites: InvitesReader
  readonly journal: JournalReader
  readonly messages: MessagesReader
  readonly outbox: OutboxReader
  readonly peers: PeersReader
  readonly prekeys: PrekeysReader
  readonly search: SearchReader
  readonly sent: SentReader
  readonly permits: PermitsReader
  readonly settings: SettingsReader
  readonly timeline: TimelineReader
}

/** Exists only as the argument of `store.transact`. */
export interface Transactor {
  readonly account: AccountWriter
  readonly changes: ChangesWriter
  readonly contacts: ContactsWriter
  readonly conversations: ConversationsWriter
  readonly drafts: DraftsWriter
  readonly identityLog: IdentityLogWriter
  readonly inbox: InboxWriter
  readonly invites: InvitesWriter
  readonly messages: MessagesWriter
  readonly outbox: OutboxWriter
  readonly peers: PeersWriter
  readonly prekeys: PrekeysWriter
  readonly sent: SentWriter
  readonly permits: PermitsWriter
  readonly settings: SettingsWriter
  readonly timeline: TimelineWriter
  readonly journal: JournalWriter
  /** Appends to the journal; subscribers hear of it after the commit. */
  record(event: NewJournalRow): void
}

/** The next process reads the whole log once when it opens the store: a millisecond for this much. */
export const WAL_LEFT_BYTES_MAX = 1024 * 1024

/**
 * Hears the seqs of what was journalled, after their commit, and the messages that all of it is about;
 * undefined where some of it is about something else.
 */
export type JournalListener = (
  seqs: readonly number[],
  messages: readonly MessageId[] | undefined,
) => void

/**
 * The one database of an account: everything it holds is committed, everything committed is
 * fsync'd. Readers and transactions are synchronous, so nothing can slip between two statements.
 */
export class Store {
  readonly #database: Database
  readonly #clock: Clock
  readonly #tables: Omit<Transactor, 'record'>
  readonly read: Reader
  readonly condition: StoreCondition
  readonly #sql: Statements
  readonly #beforeCommit: () => void
  readonly #contacts: ContactCache = new RowCache()
  readonly #conversations: ConversationCache = new RowCache()
  readonly #journalId: JournalIdAnswer = new KeptAnswer()
  readonly #peers: PeerCache = new RowCache()
  readonly #sessions: SessionCache = new RowCache()
  readonly #own: OwnAnswer = new KeptAnswer()
  readonly #certificate: CertificateAnswer = new KeptAnswer()
  readonly #outbox = new OutboxAnswers()
  readonly #nextError: NextErrorAnswer = new KeptAnswer()
  #onJournal: JournalListener = () => undefined
  #open = false

  /** What `beforeCommit` throws keeps a transaction from being committed: for disks that fail. */
  constructor(database: Database, clock: Clock, beforeCommit: () => void = nothing) {
    this.#database = database
    this.#clock = clock
    this.#beforeCommit = beforeCommit
    this.condition = new StoreCondition(database)
    const sql = new Statements(database)
    this.#sql = sql
    this.#tables = {
      account: new AccountWriter(sql, this.#own, this.#certificate),
      changes: new ChangesWriter(sql),
      contacts: new ContactsWriter(sql, this.#contacts, this.#conversations),
      conversations: new ConversationsWriter(sql),
      drafts: new DraftsWriter(sql),
      identityLog: new IdentityLogWriter(sql),
      inbox: new InboxWriter(sql),
      invites: new InvitesWriter(sql),
      journal: new JournalWriter(sql, this.#journalId),
      messages: new MessagesWriter(sql),
      outbox: new OutboxWriter(sql, this.#outbox),
      peers: new PeersWriter(sql, this.#peers, this.#sessions),
      prekeys: new PrekeysWriter(sql),
      sent: new SentWriter(sql, this.#nextError),
      permits: new PermitsWriter(sql),
      settings: new SettingsWriter(sql),
      timeline: new TimelineWriter(sql),
    }
    this.read = {
      account: new AccountReader(sql, this.#own, this.#certificate),
      changes: new ChangesReader(sql),
      contacts: new ContactsReader(sql, this.#contacts, this.#conversations),
      conversations: new ConversationsReader(sql),
      counts: new CountsReader(sql),
      drafts: new DraftsReader(sql),
      identityLog: new IdentityLogReader(sql),
      inbox: new InboxReader(sql),
      invites: new InvitesReader(sql),
      journal: new JournalReader(sql, this.#journalId),
      messages: new MessagesReader(sql),
      outbox: new OutboxReader(sql, this.#outbox),
      peers: new PeersReader(sql, this.#peers, this.#sessions),
      prekeys: new PrekeysReader(sql),
      search: new SearchReader(sql),
      sent: new SentReader(sql, this.#nextError),
      permits: new PermitsReader(sql),
      settings: new SettingsReader(sql),
      timeline: new TimelineReader(sql),
    }
  }

  static open(options: {
    readonly path: string
    readonly key: SecretBytes
    readonly clock: Clock
  }): Store {
    return new Store(openDatabase(options.path, options.key), options.clock)
  }

  onJournal(listener: JournalListener): void {
    this.#onJournal = listener
  }

  /**
   * Runs `body` in one transaction. All of it is on disk when this returns, or none of it is when
   * it throws; if we die inside, none. `body` is synchronous: SQLite would commit at an await.
   */
  transact<Result>(body: (tx: Transactor) => Result): Result {
    assert(!this.#open, 'transactions do not nest')
    const seqs: number[] = []
    const messages: MessageId[] = []
    const tx: Transactor = {
      ...this.#tables,
      record: (event) => {
        seqs.push(this.#tables.journal.append(event, this.#clock.nowMs()))
        if (event.message != null) messages.push(event.message)
      },
    }
    this.#open = true
    let result: Result
    try {
      result = guarded(() => this.#database.transaction(() => this.#whole(() => body(tx)))())
    } catch (thrown) {
      this.#forgetRows() // They may be what was never committed.
      if (thrown instanceof StorageError) eraseFailedCommit(this.#database)
      throw thrown
    } finally {
      this.#open = false
    }
    const about = messages.length === seqs.length ? messages : undefined
    if (seqs.length > 0) this.#onJournal(seqs, about)
    return result
  }

  /**
   * A small transaction that outlives this process, but perhaps not the machine: it is written and
   * not fsync'd. For what matters only when we die and the machine does not.
   */
  note(body: (tx: Pick<Transactor, 'inbox'>) => void): void {
    assert(!this.#open, 'transactions do not nest')
    guarded(() => {
      this.#database.pragma('synchronous = NORMAL')
      try {
        this.#database.transaction(() => {
          this.#whole(() => {
            body(this.#tables)
          })
        })()
      } finally {
        this.#database.pragma('synchronous = FULL')
      }
    })
  }

  /** Nothing that was read is in memory any more, as far as it was kept here to be quick. */
  forgetRead(): void {
    this.#forgetRows()
    this.#sql.forget()
  }

  close(): void {
    this.forgetRead()
    this.#database.close()
  }

  /**
   * `close` for a process that ends now. What is committed is on disk in the write-ahead log and may
   * stay there, as when we die: the next one to open the store reads on from it. Moving it into the
   * database (four fsyncs) falls to whoever leaves a log that has grown.
   */
  leave(): void {
    if (this.condition.walBytes() > WAL_LEFT_BYTES_MAX) this.close()
  }

  #forgetRows(): void {
    this.#contacts.forgetAll()
    this.#conversations.forgetAll()
    this.#journalId.forget()
    this.#peers.forgetAll()
    this.#sessions.forgetAll()
    this.#own.forget()
    this.#certificate.forget()
    this.#outbox.forgetAll()
    this.#nextError.forget()
  }

  #whole<Result>(body: () => Result): Result {
    const result = synchronous(body())
    this.#beforeCommit()
    return result
  }
}

function nothing(): void {
  // A disk on which every commit arrives.
}

function synchronous<Result>(result: Result): Result {
  if (result instanceof Promise)
    throw new InvariantError('bug/invariant', 'a transaction must not wait')
  return result
}
