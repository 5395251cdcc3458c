import { Fingerprint, PublicKey } from '@signalapp/libsignal-client'
import { accountIdBytes, type AccountId, type Bytes } from '@sotto/protocol'

/** Iterations and version of Signal's numeric fingerprint. */
const ITERATIONS = 5200
const VERSION = 2

/**
 * The 60 digits that two people compare: the same on both sides, another for every pair of keys.
 * Identifiers are the 16 bytes of the account ids.
 */
export function safetyNumber(
  local: { readonly account: AccountId; readonly identity: PublicKey },
  remote: { readonly account: AccountId; readonly identityKey: Bytes },
): string {
  return Fingerprint.new(
    ITERATIONS,
    VERSION,
    accountIdBytes(local.account),
    local.identity,
    accountIdBytes(remote.account),
    PublicKey.deserialize(remote.identityKey),
  )
    .displayableFingerprint()
    .toString()
}
