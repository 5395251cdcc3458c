import {
  Fingerprint,
  LibSignalErrorBase,
  PublicKey,
  ScannableFingerprint,
} from '@signalapp/libsignal-client'
import { accountIdBytes, ownBytes, type AccountId, type Bytes } from '@sotto/protocol'

/** Iterations and version of Signal's numeric fingerprint. */
const ITERATIONS = 5200
const VERSION = 2

export interface LocalIdentity {
  readonly account: AccountId
  readonly identity: PublicKey
}

export interface RemoteIdentity {
  readonly account: AccountId
  readonly identityKey: Bytes
}

/**
 * The 60 digits that two people compare: the same on both sides, another for every pair of keys.
 * Identifiers are the 16 bytes of the account ids.
 */
export function safetyNumber(local: LocalIdentity, remote: RemoteIdentity): string {
  return fingerprint(local, remote).displayableFingerprint().toString()
}

/**
 * The same number, and as bytes to be scanned from the other's screen, which differ on each side.
 * At once: thousands of hashes stand behind either.
 */
export function shownNumber(
  local: LocalIdentity,
  remote: RemoteIdentity,
): { readonly digits: string; readonly scannable: Bytes } {
  const shown = fingerprint(local, remote)
  return {
    digits: shown.displayableFingerprint().toString(),
    scannable: ownBytes(shown.scannableFingerprint().toBuffer()),
  }
}

/** Whether what was scanned is the other side of ours; false for what is no fingerprint at all. */
export function matchesScanned(
  local: LocalIdentity,
  remote: RemoteIdentity,
  scanned: Bytes,
): boolean {
  try {
    const theirs = ScannableFingerprint._fromBuffer(scanned)
    return fingerprint(local, remote).scannableFingerprint().compare(theirs)
  } catch (thrown) {
    if (thrown instanceof LibSignalErrorBase) return false
    throw thrown
  }
}

function fingerprint(local: LocalIdentity, remote: RemoteIdentity): Fingerprint {
  return Fingerprint.new(
    ITERATIONS,
    VERSION,
    accountIdBytes(local.account),
    local.identity,
    accountIdBytes(remote.account),
    PublicKey.deserialize(remote.identityKey),
  )
}
