import { concatBytes, equalBytes, utf8, type Bytes } from './bytes.js'
import { accountIdBytes, accountIdFromBytes, IDENTITY_KEY_BYTES, type AccountId } from './ids.js'
import { InputError } from './errors.js'

/** SHA-256, given by whoever has one: this package computes nothing the platform should. */
export type Sha256 = (bytes: Uint8Array) => Bytes

/** The keys that an account id is made of; both 33 bytes, Curve25519 with type byte. */
export interface AccountKeys {
  readonly relayRoot: Uint8Array
  /** The account's first identity key. */
  readonly identity: Uint8Array
}

const LABEL = utf8('sotto account')

/**
 * The account's id: a UUIDv8 (RFC 9562, section 5.8) over
 * SHA-256("sotto account" || relay root key || first identity key). Whoever holds the identity
 * key holds the id; it cannot be claimed on another relay.
 */
export function deriveAccountId(keys: AccountKeys, sha256: Sha256): AccountId {
  if (keys.relayRoot.length !== IDENTITY_KEY_BYTES || keys.identity.length !== IDENTITY_KEY_BYTES) {
    throw new InputError('content/invalid', 'a public key has 33 bytes')
  }
  const bytes = sha256(concatBytes(LABEL, keys.relayRoot, keys.identity)).slice(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return accountIdFromBytes(bytes)
}

/** Whether `identity` is the key that `account` certifies. */
export function isAccountOf(account: AccountId, keys: AccountKeys, sha256: Sha256): boolean {
  return equalBytes(accountIdBytes(account), accountIdBytes(deriveAccountId(keys, sha256)))
}
