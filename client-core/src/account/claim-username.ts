import { asSottoError } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { IdentifiedDoor } from '../net/identified-door.js'
import { usernameHash, usernameProof } from './username-hash.js'

/** What a relay is shown by whoever takes a username; null gives up the one there was. */
export function usernameClaim(username: string | null): {
  readonly hash: Uint8Array
  readonly proof: Uint8Array
} {
  return username === null
    ? { hash: new Uint8Array(0), proof: new Uint8Array(0) }
    : { hash: usernameHash(username), proof: usernameProof(username) }
}

/**
 * Takes this account's username at the relay once more, which changes nothing where the relay knows
 * that it is ours. False where it is another account's there: then it is kept here until a person
 * decides, for giving it up would make contacts forget whom they know by it, and a relay that lies
 * could have us do so. Throws `relay/unreachable`.
 */
export async function claimUsernameAgain(
  core: Core,
  door: Pick<IdentifiedDoor, 'setUsername'>,
): Promise<boolean> {
  const { username } = core.account
  if (username === null) return true
  try {
    await door.setUsername(usernameClaim(username))
    return true
  } catch (thrown) {
    if (asSottoError(thrown).code !== 'username/taken') throw thrown
    core.ports.log.warn('username.taken', {})
    return false
  }
}
