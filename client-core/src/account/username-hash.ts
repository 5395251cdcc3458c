import { usernames } from '@signalapp/libsignal-client'
import { formatUsername, parseUsername, SottoError, type Bytes } from '@sotto/protocol'

/** What a relay knows a username by: 32 bytes, the same for every spelling in upper or lower case. */
export function usernameHash(username: string): Bytes {
  return usernames.hash(formatUsername(parseUsername(username)))
}

/** Proves to a relay that whoever claims a hash knows the username: 128 bytes. */
export function usernameProof(username: string): Bytes {
  return usernames.generateProof(username)
}

/** Undefined for what cannot be a username: what somebody claims may be anything. */
export function claimedUsernameHash(claimed: string): Bytes | undefined {
  try {
    return usernameHash(claimed)
  } catch (thrown) {
    if (thrown instanceof SottoError) return undefined
    throw thrown
  }
}
