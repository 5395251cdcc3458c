import {
  equalBytes,
  NotFoundError,
  ProtocolError,
  TrustError,
  type Bytes,
  type InviteLink,
} from '@sotto/protocol'
import type { Core } from '../core.js'
import { sha256 } from '../session/digest.js'

/**
 * An invite is good at the relay that it is of, by whatever name that is reached. Throws
 * `invite/elsewhere`, and `relay/root-changed` where our relay's keys are not those of the link.
 */
export function checkRelay(
  { own, account }: Pick<Core, 'own' | 'account'>,
  link: InviteLink,
): void {
  const isSameRoot = equalBytes(link.relayRootHash, sha256(own.relayRoot))
  if (!isSameRoot && link.relay !== account.relay) {
    throw new NotFoundError(
      'invite/elsewhere',
      `the invite is of the relay ${link.relay}, and this account is at ${account.relay}`,
      { fix: 'Make an account there, or ask for an invite to an account here.' },
    )
  }
  const isSameCertificate = equalBytes(link.certificateRootHash, sha256(account.certificateRoot))
  if (!isSameRoot || !isSameCertificate) {
    throw new ProtocolError(
      'relay/root-changed',
      'the invite names other keys of this relay than those known here',
      {
        fix: 'Nobody was added. One of you was shown a false relay: compare “relay root” in sotto account show.',
      },
    )
  }
}

/** Throws `identity/forged` where a key is not the one that the link was made under. */
export function checkInvitedBy(link: InviteLink, identityKey: Bytes | undefined): void {
  if (identityKey === undefined || equalBytes(sha256(identityKey), link.identityHash)) return
  throw new TrustError('identity/forged', 'the relay gave other keys than the invite says', {
    fix: 'Nobody was added. The link or the relay is false: ask for the link again by another way.',
  })
}
