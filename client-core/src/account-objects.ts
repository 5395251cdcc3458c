import type { AccountId } from '@sotto/protocol'

export interface AccountObject {
  readonly id: AccountId
  /** As in `alice.42`; null where the account has none. */
  readonly username: string | null
  readonly device: number
  /** The relay's origin. */
  readonly relay: string
  /** What contacts see; null: nothing. Left out where the store was not opened. */
  readonly name?: string | null
  readonly status?: string | null
  /** Whether read receipts are sent, and others' are shown. */
  readonly readReceipts?: boolean
  /** Whether others learn when we write, and we when they do. */
  readonly typing?: boolean
}

/** Where the key of an account's store rests. */
export interface StoreKeyObject {
  /** `passphrase`: in a file, locked under one. */
  readonly keyIn: 'keyring' | 'file' | 'passphrase'
}

/** `list` and `show`: the account with what is known of it here. */
export interface AccountDetailObject extends AccountObject, StoreKeyObject {
  /** The relay's root key, base64url: compare it with what the operator published. */
  readonly relayRoot: string
  readonly createdAt: string
  /** The folder of the account's store. */
  readonly path: string
  readonly default: boolean
}

/** `store stats`. */
export interface StoreStatsObject {
  readonly messages: number
  readonly conversations: number
  /** Envelopes that would not open. */
  readonly quarantined: number
  /** Events in the journal. */
  readonly events: number
  /** Rows of the outbox. */
  readonly queued: number
  readonly oldestMessageAt: string | null
  readonly databaseBytes: number
  readonly walBytes: number
  /** Of the database, what searching needs. */
  readonly searchBytes: number
  /** Of the database, what is empty. */
  readonly freeBytes: number
}

/** `store gc`. */
export interface StoreGcObject {
  readonly bytesBefore: number
  readonly bytesAfter: number
  readonly eventsForgotten: number
  /** The database was written anew without its empty space. */
  readonly vacuumed: boolean
}
