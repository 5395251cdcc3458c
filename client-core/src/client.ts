import type {
  AccountDetailObject,
  AccountObject,
  ContactObject,
  ConversationObject,
  EventObject,
  HistoryObject,
  OutboxObject,
  SendObject,
  VerifyObject,
} from './objects.js'
import type { Ports } from './ports.js'

/** What `send` waits for, in order. */
export type WaitLevel = 'queued' | 'accepted' | 'delivered' | 'read'

export interface SendRequest {
  /** Recipients in the grammar of cli.md: `@alice.42`, `@alice`, `me`, `id:c_…`, `acct:…`. */
  readonly to: readonly string[]
  readonly text: string
  /** A message: its id or a unique beginning of 6 or more characters, `@last`, `@last:@bob`. */
  readonly replyTo?: string
  /** Remembered 30 days: the same key and content answer with the message sent before. */
  readonly key?: string
}

export interface SendOptions {
  /** Default `accepted`. */
  readonly wait?: WaitLevel
  /**
   * How long to wait for it. Left out: 30 s, and for `accepted` only until the relay turns out to be
   * out of reach.
   */
  readonly timeoutMs?: number
  /** False: keep nothing unless the relay can be reached now. Default true. */
  readonly queue?: boolean
}

/**
 * A sent text with the exit code that cli.md gives it: 0, 79 queued, 80, 81 some failed,
 * 85 not seen in time, or a recipient's own failure.
 */
export interface SendOutcome {
  readonly result: SendObject
  readonly exitCode: number
}

export interface HistoryPage {
  /** The latest so many; with `after` alone the first so many after it. Default 50. */
  readonly limit?: number
  /** Message ids (or unique prefixes) or RFC 3339 times; exclusive. */
  readonly before?: string
  readonly after?: string
}

/** How far a connection got: `online` is authenticated; `caughtUp` is after the backlog. */
export interface ConnectOptions {
  /** Keep trying this long; 0 tries once. Throws `relay/unreachable` when it passes. */
  readonly timeoutMs: number
}

/**
 * One account, owned by this process until `close`. Everything it answers is on disk before the
 * promise resolves. Calls go down, events come up: an event says what changed and the reader is
 * asked for it.
 */
export interface Client {
  readonly account: AccountObject
  /** One line each for stderr: what about the home is less safe than it could be. */
  readonly warnings: readonly string[]

  /** Resolves, stores and writes to nobody. An existing request becomes a known contact. */
  addContact(to: string, options?: { readonly alias?: string }): Promise<ContactObject>
  /** A request becomes a contact: held messages are journalled, our profile goes out. */
  acceptContact(to: string): Promise<ContactObject>
  listContacts(): readonly ContactObject[]

  safetyNumber(to: string): Promise<VerifyObject>

  send(request: SendRequest, options?: SendOptions): Promise<SendOutcome>
  listOutbox(): readonly OutboxObject[]
  /** Throws `recipient/unknown` where there is no such conversation. */
  history(conversation: string, page?: HistoryPage): readonly HistoryObject[]
  listConversations(): readonly ConversationObject[]
  /** Marks everything received so far as read and lets read receipts go out. */
  markRead(conversation: string): void

  /** Opens the identified socket and keeps it open, reconnecting, until `close`. */
  connect(options: ConnectOptions): Promise<void>
  /** Resolves when everything that waited at the relay is committed here. */
  caughtUp(): Promise<void>

  /** Stored events after `afterSeq`, oldest first, at most `limit` (default 256). */
  journal(afterSeq: number, limit?: number): readonly EventObject[]
  /** Where a named consumer stands; 0 at first. */
  cursor(consumer: string): number
  /** Never moves backwards. Move it only after what it covers has been flushed. */
  moveCursor(consumer: string, seq: number): void
  /**
   * Calls `listener` after each commit that brought events, and for events that are not stored
   * (`connection.state`, `backlog.done`). Returns what unsubscribes.
   */
  subscribe(listener: (event: EventObject) => void): () => void

  /**
   * Waits until due receipts and queued messages have been tried, at most `timeoutMs`; what is
   * left stays on disk. A one-shot command calls it before `close`.
   */
  flush(options: { readonly timeoutMs: number }): Promise<void>
  /** Stops, closes sockets and the store, gives up the ownership. Nothing queued is lost. */
  close(): Promise<void>
}

export interface OpenOptions {
  readonly home: Home
  /** Username, account id or unique prefix; undefined: the only one, or the default. */
  readonly account?: string
  readonly ports?: Partial<Ports>
  /** Accept every contact request by itself, as bots do. */
  readonly acceptEveryone?: boolean
  /** The verb this process runs, told to whoever finds the account busy. Default `sotto`. */
  readonly command?: string
}

export interface CreateAccountOptions {
  readonly home: Home
  /** `https://host[:port][#root=…]`. */
  readonly relay: string
  readonly username?: string
  readonly name?: string
  readonly code?: string
  /** Permit plain http beyond loopback. */
  readonly insecure?: boolean
  readonly ports?: Partial<Ports>
}

export interface CreatedAccount {
  readonly account: AccountObject
  /** The relay's root key was not given and is now pinned: show it. */
  readonly pinnedRoot: string | undefined
  /** Set where the store's key rests in a file: one line to print on stderr. */
  readonly keyWarning: string | undefined
}

/** Where accounts live. */
export interface Home {
  /** Absolute path of the data folder. */
  readonly dataDir: string
}

/** Implemented in open-client.ts, account/create.ts and account/list.ts. */
export type OpenClient = (options: OpenOptions) => Promise<Client>
export type CreateAccount = (options: CreateAccountOptions) => Promise<CreatedAccount>
export type ListAccounts = (home: Home) => Promise<readonly AccountDetailObject[]>
/** By username, id or the beginning of one; undefined: the default or the only one. */
export type ShowAccount = (home: Home, name: string | undefined) => Promise<AccountDetailObject>
