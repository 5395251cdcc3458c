import { equalBytes } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Delivered } from '../net/identified-door.js'
import { addToOutbox } from '../outbox/compose.js'
import { storedManifest } from '../session/manifests.js'
import type { Author, Refusal, Unread } from '../session/open.js'
import type { Transactor } from '../store/store.js'

/** Decryption errors that wait for one account at most: a sender of junk makes us send no more. */
const ASKED_WAITING_MAX = 256

interface Unopened {
  readonly reason: Refusal | 'crashed'
  /** What the certificate says, where it could be read; it proves nothing. */
  readonly claimed?: Author | undefined
  readonly unread?: Unread | undefined
}

/**
 * Kept whole and acknowledged: it never blocks the mailbox and is never hidden. Where only the
 * ratchet failed and a contact sealed it, they are asked to send it again.
 */
export function quarantine(
  tx: Transactor,
  core: Core,
  delivered: Delivered,
  unopened: Unopened,
): void {
  const { epoch, seq, arrivalMs, body } = delivered
  const { reason, unread } = unopened
  const claimed = unread?.author ?? unopened.claimed
  const asked = unread !== undefined && reason === 'ratchet' && askForResend(tx, core, unread)
  tx.inbox.quarantine({
    epoch,
    seq,
    arrivalMs,
    account: claimed?.account ?? null,
    device: claimed?.device ?? null,
    reason,
    body,
    digest: unread?.digest ?? null,
    askedMs: asked ? core.relayNowMs() : null,
  })
  core.ports.log.warn('inbox.quarantined', { bytes: body.length })
  const detail = asked ? { reason: UNOPENED, resendAsked: true } : { reason: UNOPENED }
  // The certificate proves nothing: only a contact's claim is shown with a name.
  const isContact =
    claimed !== undefined && tx.contacts.byAccount(claimed.account)?.trust === 'known'
  tx.record({ type: 'message.undecryptable', ...(isContact ? claimed : {}), detail })
  tx.timeline.add({
    account: isContact ? claimed.account : null,
    atMs: arrivalMs,
    happening: { kind: 'undecryptable', resendAsked: asked },
    digest: asked ? unread.digest : undefined,
  })
}

const UNOPENED = 'could not be opened'

/** Once for each ratchet message, and only of a contact whose identity and device are known. */
function askForResend(tx: Transactor, core: Core, unread: Unread): boolean {
  const { author, digest } = unread
  const { account, device } = author
  const contact = tx.contacts.byAccount(account)
  const peer = tx.peers.peer(account)
  if (contact?.trust !== 'known' || contact.blocked || peer === undefined) return false
  if (!equalBytes(peer.identityKey, unread.identity)) return false
  if (!storedManifest(peer).parsed.devices.some(({ id }) => id === device)) return false
  if (tx.inbox.wasAskedFor(digest)) return false
  if (tx.outbox.countPending(account, 'decryption-error') >= ASKED_WAITING_MAX) return false
  addToOutbox(tx, core, {
    recipient: account,
    kind: 'decryption-error',
    content: { kind: 'decryption-error', message: unread.error, digest },
    message: null,
  })
  return true
}
