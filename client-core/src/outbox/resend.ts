import { decodeContent, encodeContent, type Bytes, type Content } from '@sotto/protocol'
import { isReadReceipt } from '../account/read-receipts.js'
import type { Core } from '../core.js'
import type { Author } from '../session/open.js'
import {
  givenUp,
  parseDecryptionError,
  ratchetDigest,
  type DecryptionError,
} from '../session/resets.js'
import type { Transactor } from '../store/store.js'
import type { OutboxRow } from '../store/tables/outbox.js'
import type { SentContent } from '../store/tables/sent.js'
import { createdMs } from './compose.js'

const HOUR_MS = 60 * 60_000
/** A session is given up for one device this often at most. */
export const RESET_MS_MIN = HOUR_MS
/** What was sent is kept this long for those who cannot open it. */
export const SENT_AGE_MS_MAX = 7 * 24 * HOUR_MS

/** Part of tx3: keeps what was accepted for a while. What answers an error is not kept again. */
export function noteSent(tx: Transactor, core: Core, row: OutboxRow): void {
  if (row.resend || row.kind === 'decryption-error' || isGone(tx, core, row)) return
  const envelopes = tx.outbox.envelopes(row.row).map((envelope) => ({
    digest: ratchetDigest(envelope),
    account: envelope.account,
    device: envelope.device,
  }))
  tx.sent.add({ ...row, acceptedMs: core.relayNowMs() }, envelopes)
}

/** Its text was deleted here while it was on its way. */
function isGone(tx: Transactor, core: Core, { kind, message, target }: OutboxRow): boolean {
  if (kind !== 'text' && kind !== 'request' && kind !== 'edit') return false
  const about = message ?? target
  return about !== null && tx.messages.get(core.own.account, about) === undefined
}

/**
 * A contact's device says that it could not open what we sent. It gets the same content again if it
 * is this device's own sending to exactly that device, and still there: once for each content and
 * device. Where it was sealed in the current session, that session is given up first, at most once
 * an hour; within the hour the error waits, for what is sealed in that session would not open
 * either. Whatever else the error names gets no answer.
 */
export function answerDecryptionError(
  tx: Transactor,
  core: Core,
  author: Author,
  content: Extract<Content, { kind: 'decryption-error' }>,
): void {
  const { message, digest } = content
  const contact = tx.contacts.byAccount(author.account)
  if (contact?.trust !== 'known' || contact.blocked) return
  const error = parseDecryptionError(message)
  if (error?.device !== core.own.device) return
  const sent = tx.sent.byEnvelope({ digest, ...author })
  if (sent === undefined || tx.sent.wasResent(sent.row, author) || !isStillThere(tx, core, sent))
    return
  const dueMs = giveUpSession(tx, core, author, error)
  if (dueMs !== undefined) {
    tx.sent.postponeError({ digest, ...author, error: message, dueMs })
    return
  }
  tx.sent.markResent(sent.row, author)
  tx.outbox.add({
    recipient: author.account,
    kind: sent.kind,
    content: resent(core, sent.content, digest),
    message: null, // Its status and its place in the conversation stay.
    target: sent.message ?? sent.target,
    createdMs: createdMs(core),
    resend: true,
  })
}

/** Answers the errors whose hour is over, each as though it came now; in the lane. */
export async function answerPostponedErrors(core: Core): Promise<void> {
  await core.lane.run(async () => {
    core.store.transact((tx) => {
      for (const { account, device, error, digest } of tx.sent.errorsDue(core.relayNowMs())) {
        tx.sent.removePostponed(digest)
        const content = { kind: 'decryption-error', message: error, digest } as const
        answerDecryptionError(tx, core, { account, device }, content)
      }
    })
  })
}

/**
 * It says what it stands for, so that whoever missed it knows what is no longer missing. Where read
 * receipts are no longer sent, one of them says that we have got the messages, and no more.
 */
function resent(core: Core, content: Bytes, digest: Bytes): Bytes {
  const sealed = decodeContent(content)
  const told: Content =
    isReadReceipt(sealed.content) && !core.account.readReceipts
      ? { ...sealed.content, type: 'delivered' }
      : sealed.content
  return encodeContent({ ...sealed, content: told, resent: digest })
}

function isStillThere(tx: Transactor, core: Core, sent: SentContent): boolean {
  return sent.message === null || tx.messages.get(core.own.account, sent.message) !== undefined
}

/** Undefined where what is sealed next would open; else when the session may be given up. */
function giveUpSession(
  tx: Transactor,
  core: Core,
  author: Author,
  error: DecryptionError,
): number | undefined {
  const { account, device } = author
  const session = tx.peers.session(account, device)
  const archived = session === undefined ? undefined : givenUp(session, error)
  if (archived === undefined) return undefined
  const resetMs = tx.sent.resetMs(account, device)
  const nowMs = core.relayNowMs()
  if (resetMs !== undefined && Math.abs(nowMs - resetMs) < RESET_MS_MIN)
    return resetMs + RESET_MS_MIN
  tx.peers.saveSession(archived)
  tx.sent.noteReset(account, device, nowMs)
  return undefined
}
