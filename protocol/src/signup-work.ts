import type { Sha256 } from './account-id.js'
import { concatBytes, uint32Bytes, utf8, type Bytes } from './bytes.js'
import { accountIdBytes, type AccountId } from './ids.js'

/**
 * One attempt at sign-up work: scrypt (RFC 7914) with what its author recommends for logins (Percival,
 * "Stronger key derivation via sequential memory-hard functions", 2009, section 7): 16 MiB, and some 50 ms
 * of one processor. Part of the protocol: a relay asks for more attempts, never for more memory.
 */
export const WORK_SCRYPT = { N: 2 ** 14, r: 8, p: 1 } as const
export const WORK_HASH_BYTES = 32
/** Expiry, attempts and MAC: opaque to clients. */
export const WORK_CHALLENGE_BYTES = 44
/**
 * A client does no more on average, whatever a relay asks: minutes on a slow machine. What asks for more
 * is no relay that wants accounts.
 */
export const WORK_ATTEMPTS_MAX = 512
/** An attempt tries one of these; nobody comes near the end. */
export const WORK_SOLUTION_MAX = 0xffff_ffff

const LABEL = utf8('sotto sign-up work 1\0')

/** The salt of every attempt: work for one account is worth nothing for another. */
export function workSalt(challenge: Uint8Array, account: AccountId, sha256: Sha256): Bytes {
  return sha256(concatBytes(LABEL, challenge, accountIdBytes(account)))
}

/** The password of one attempt. */
export function workPassword(solution: number): Bytes {
  return uint32Bytes(solution)
}

/** Whether an attempt's hash is one of those that come once in `attempts`. */
export function isWorkDone(hash: Uint8Array, attempts: number): boolean {
  const { buffer, byteOffset, byteLength } = hash
  return new DataView(buffer, byteOffset, byteLength).getUint32(0) * attempts < 2 ** 32
}
