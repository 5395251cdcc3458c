import { concatBytes, type Bytes } from './bytes.js'

/** libsignal's ServerPublicParams. */
export const PERMIT_PARAMETERS_BYTES = 673
export const PERMIT_BYTES = 65
/** No relay asks for more in a batch: a client must not be kept busy with it. */
export const PERMIT_BATCH_MAX = 100
/** Submissions that one permit is good for. */
export const ERRAND_SUBMISSIONS_MAX = 3
/** From its first use on, a permit is good for this long. */
export const ERRAND_MS = 60 * 60_000

const DAY_MS = 86_400_000
const PERMIT_DAYS = 3

/**
 * When every permit expires that is drawn at `nowMs`, Unix milliseconds: two whole days after the day,
 * for everybody alike. Another expiry would be a mark by which a permit is known again.
 */
export function permitExpiryMs(nowMs: number): number {
  return (Math.floor(nowMs / DAY_MS) + PERMIT_DAYS) * DAY_MS
}

const ACCOUNT_TARGET = Uint8Array.of(1)
const USERNAME_TARGET = Uint8Array.of(2)

/** What a permit is spent for: an account or the hash of a username, told apart. */
export function errandTarget(
  target: { readonly account: Uint8Array } | { readonly username: Uint8Array },
): Bytes {
  return 'account' in target
    ? concatBytes(ACCOUNT_TARGET, target.account)
    : concatBytes(USERNAME_TARGET, target.username)
}
