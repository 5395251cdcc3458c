import type { SecretBytes } from '@sotto/protocol'
import type { WorkProgress } from './account/signup-work.js'
import type { MethodName, MethodParams, MethodResult } from './methods/table.js'
import type { CheckObject } from './check-objects.js'
import type { AccountDetailObject, AccountObject, EventObject, StoreKeyObject } from './objects.js'
import type { ProxySettings } from './net/proxy-choice.js'
import type { Ports } from './ports.js'

/**
 * One account, as a face has it: opened in this process, or in the process that owns it and
 * answers over its socket. Everything it answers is on disk before the promise resolves. Calls go
 * down, events come up: an event says what changed, and what is stored is asked for.
 */
export interface Client {
  /** As it was when it was opened; `account.current` says how it is now. */
  readonly account: AccountObject
  /** One line each for stderr: what about the home is less safe than it could be. */
  readonly warnings: readonly string[]
  /** Another process owns the account and answers for it. */
  readonly remote: boolean

  /** Asks for one of METHODS (methods/table.ts). Throws only SottoErrors. */
  call<Name extends MethodName>(
    method: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>>
  /**
   * Calls `listener` after each commit that brought events, and for events that are not stored
   * (`typing.started` and `stopped`, `conversation.changed`, `account.changed`, `connection.state`,
   * `backlog.done`). Returns what unsubscribes.
   */
  subscribe(listener: (event: EventObject) => void): () => void
  /**
   * Stops, closes sockets and the store, gives up the ownership. Nothing queued is lost. `exiting`:
   * the process ends now, and what it would do only to be tidy is left to its end.
   */
  close(options?: CloseOptions): Promise<void>
}

/** How an account is closed. */
export interface CloseOptions {
  readonly exiting?: boolean
}

/**
 * Answers with a passphrase each time it is asked, `attempt` counting from 1; with undefined where
 * there is no (other) one to try. In UTF-8, NFC. Wiped by whoever asked.
 */
export type PassphraseSource = (attempt: number) => Promise<SecretBytes | undefined>

/** Which account, and what opens it. */
export interface LocateOptions {
  readonly home: Home
  /** Username, account id or unique prefix; undefined: the only one, or the default. */
  readonly account?: string
  /** Asked where the account's key is locked under a passphrase. Default: nobody answers. */
  readonly passphrase?: PassphraseSource
}

export interface OpenOptions extends LocateOptions {
  readonly ports?: Partial<Ports>
  /** Accept every contact request by itself, as bots do. */
  readonly acceptEveryone?: boolean
  /** What says how the relay is reached; `ports.transport` goes its own way. */
  readonly proxy?: ProxySettings
  /** The relay gets this long for a connection or an exchange, where that is less than usual. */
  readonly relayWaitMs?: number
  /** The verb this process runs, told to whoever finds the account busy. Default `sotto`. */
  readonly command?: string
  /** The version of this program, told to whoever asks its account over the socket. */
  readonly version?: string
  /** Listen to other processes only where the account is still open after this long. Default 0. */
  readonly serveAfterMs?: number
}

/** A relay on which there is no account of ours yet, and how it is reached. */
export interface NewRelayOptions {
  /** `https://host[:port][#root=…]`. */
  readonly relay: string
  /** Permit plain http beyond loopback. */
  readonly insecure?: boolean
  /** What says how the relay is reached. */
  readonly proxy?: ProxySettings
  /** The relay gets this long for an exchange, where that is less than usual. */
  readonly relayWaitMs?: number
  /** A proxy, or `none`, that goes with the account from now on. */
  readonly ownProxy?: string
}

/** What a relay says of itself to whoever would join it. */
export interface GreetedRelay {
  /** With its root key. */
  readonly address: string
  /** It takes nobody without a sign-up code. */
  readonly needsCode: boolean
  /** It wants some seconds of this machine's work. */
  readonly needsWork: boolean
}

export interface CreateAccountOptions extends NewRelayOptions {
  readonly home: Home
  readonly username?: string
  readonly name?: string
  readonly status?: string
  readonly code?: string
  /** Locks the store's key from the beginning. Wiped at the end. */
  readonly passphrase?: SecretBytes
  readonly ports?: Partial<Ports>
  /** Gives up the work that the relay may want; then nothing was made. */
  readonly signal?: AbortSignal
  /** The relay wants work: called before it and after each attempt. */
  readonly working?: (progress: WorkProgress) => void
}

export interface CreatedAccount {
  readonly account: AccountObject
  /** The relay's root key was not given and is now pinned: show it. */
  readonly pinnedRoot: string | undefined
  /** Set where the store's key rests in a file: one line to print on stderr. */
  readonly keyWarning: string | undefined
}

/** An account that was begun here and not finished: making the same again goes on with it. */
export interface BegunAccount {
  /** `https://host[:port]`. */
  readonly relay: string
  readonly username: string | null
}

export interface DeleteAccountOptions extends OpenOptions {
  /** Only here: the relay is not asked. */
  readonly local?: boolean
  /** Called with what is about to be deleted; what it throws leaves everything as it was. */
  readonly confirm?: (account: AccountObject) => Promise<void>
  /** Called with the account open, before anything is deleted; what it throws, too. */
  readonly before?: (client: Client) => Promise<void>
}

export interface DeletedAccount {
  readonly account: AccountObject
  /** The relay has forgotten it too. */
  readonly atRelay: boolean
}

export interface ChangePassphraseOptions extends LocateOptions {
  /** Asked for the new passphrase, once the account is open; undefined: it shall have none. */
  readonly next?: () => Promise<SecretBytes>
  readonly ports?: Partial<Ports>
}

export interface ChangedPassphrase extends StoreKeyObject {
  /** False where there was no passphrase to take away. */
  readonly changed: boolean
  /** As in CreatedAccount. */
  readonly keyWarning: string | undefined
}

/** The accounts of a home. */
export interface AccountsHere {
  readonly accounts: readonly AccountDetailObject[]
  /** How many more are locked under a passphrase. */
  readonly locked: number
  /** How many more do not open: their key is not to be had, or they are damaged. */
  readonly closed: number
}

/** Where accounts live. */
export interface Home {
  /** Absolute path of the data folder. */
  readonly dataDir: string
}

/** Implemented in open-client.ts and account/*.ts. */
export type OpenClient = (options: OpenOptions) => Promise<Client>
export type CreateAccount = (options: CreateAccountOptions) => Promise<CreatedAccount>
/** Asks a relay what it is; answers with its address, its root key in it. */
export type GreetRelay = (options: NewRelayOptions) => Promise<GreetedRelay>
export type IsUsernameFree = (
  options: NewRelayOptions & { readonly username: string },
) => Promise<boolean>
export type FindKeyPlace = () => Promise<'keyring' | 'file'>
export type FindBegunAccount = (home: Home) => Promise<BegunAccount | 'locked' | undefined>
export type ListAccounts = (options: LocateOptions) => Promise<AccountsHere>
/** By username, id or the beginning of one; undefined: the default or the only one. */
export type ShowAccount = (options: LocateOptions) => Promise<AccountDetailObject>
export type ExamineHome = (options: {
  readonly home: Home
  /** Repair what is safe to repair. */
  readonly fix: boolean
  /** XDG_RUNTIME_DIR. */
  readonly runtimeDir: string | undefined
}) => readonly CheckObject[]
export type ChangePassphrase = (options: ChangePassphraseOptions) => Promise<ChangedPassphrase>
export type DeleteAccount = (options: DeleteAccountOptions) => Promise<DeletedAccount>
export type UseAccount = (options: LocateOptions) => Promise<AccountDetailObject>
