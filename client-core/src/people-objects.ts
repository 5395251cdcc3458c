import type { AccountId } from '@sotto/protocol'

/** `live`: whoever shows it becomes a contact. */
export type InviteState = 'live' | 'used' | 'expired' | 'revoked'

export interface InviteObject {
  readonly id: string
  /** Holds a secret: for whom it is meant. Null once it is over. */
  readonly link: string | null
  readonly state: InviteState
  /** How many people may use it; null: any number. */
  readonly uses: number | null
  readonly usesLeft: number | null
  /** Null: never. */
  readonly expiresAt: string | null
  readonly createdAt: string
}

export interface VerifyObject {
  readonly handle: string
  /** 60 digits (Signal's numeric fingerprint, 5,200 iterations, version 2). */
  readonly safetyNumber: string
  readonly verified: boolean
  /** The number is that of the account which has their username now, and not the one before. */
  readonly changed?: true
}

/** `verify qr`: Signal's scannable fingerprint, version 2, base64url. */
export interface VerifyQrObject extends VerifyObject {
  readonly qr: string
}

/** A line of `verify log`. */
export interface IdentityLogObject {
  readonly at: string
  readonly event: 'met' | 'changed' | 'trusted' | 'verified' | 'reset'
  readonly account: AccountId
  /** How the account is written to now. */
  readonly name: string
  /** The account that has the username now, where it went from one to another. */
  readonly other: AccountId | null
}
