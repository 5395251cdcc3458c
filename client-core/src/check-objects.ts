import type { ErrorObject } from '@sotto/protocol'

/** One thing that `doctor` looked at. */
export interface CheckObject {
  readonly name: string
  readonly status: 'ok' | 'warning' | 'error'
  readonly message: string
  /** What to do about it; null: nothing. */
  readonly fix: string | null
}

/** What `doctor` asks of the connection to the relay. */
export interface RelayCheckObject {
  readonly relay: string
  /** Why it was not reached; null: it was. */
  readonly error: ErrorObject | null
  /** The relay shows the root key that is pinned. */
  readonly rootMatches: boolean
  /** The relay gives the account's username to this account; true where there is none to give. */
  readonly usernameIsOurs: boolean
  /** This machine's clock is ahead by this much. */
  readonly skewMs: number
}

/** What `doctor` asks of an open store. */
export interface StoreCheckObject {
  readonly fileFaults: readonly string[]
  readonly searchIsWhole: boolean
  readonly repaired: boolean
  readonly queued: number
  readonly stuck: number
  readonly quarantined: number
  readonly oneTimePrekeys: number
  readonly certificateExpiresAt: string | null
}
