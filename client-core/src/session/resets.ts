import {
  DecryptionErrorMessage,
  SessionRecord,
  UnidentifiedSenderMessageContent,
  type PublicKey,
} from '@signalapp/libsignal-client'
import type { Bytes } from '@sotto/protocol'
import type { OutboxEnvelope } from '../store/tables/outbox.js'
import type { StoredSession } from '../store/tables/peers.js'
import { sha256 } from './digest.js'

/** What a device says about a ratchet message that it could not open. */
export interface DecryptionError {
  /** The device that sealed it, which is the one to send again. */
  readonly device: number
  /** The key of the ratchet's step it was sealed in; undefined: libsignal does not say. */
  readonly ratchetKey: PublicKey | undefined
}

/** Undefined where the bytes are not libsignal's DecryptionErrorMessage. */
export function parseDecryptionError(message: Bytes): DecryptionError | undefined {
  try {
    const error = DecryptionErrorMessage.deserialize(message)
    return { device: error.deviceId(), ratchetKey: error.ratchetKey() }
  } catch {
    return undefined
  }
}

/**
 * The session without its current state, so that what is sealed next begins a new one (Sesame,
 * section 4.2); what was sealed in it before still opens. Undefined where the error is about another
 * session than the current one, which then stays.
 */
export function givenUp(session: StoredSession, error: DecryptionError): StoredSession | undefined {
  const record = SessionRecord.deserialize(session.record)
  if (error.ratchetKey === undefined || !record.currentRatchetKeyMatches(error.ratchetKey))
    return undefined
  return archived(session, record)
}

/** The same whatever is known of it: nothing more is sealed in the session as it stands. */
export function withoutCurrentState(session: StoredSession): StoredSession {
  return archived(session, SessionRecord.deserialize(session.record))
}

function archived(session: StoredSession, record: SessionRecord): StoredSession {
  record.archiveCurrentState()
  return { ...session, record: record.serialize(), confirmed: false, manifestSent: 0 }
}

/** What a device that cannot open the envelope names it by: SHA-256 of its ratchet message. */
export function ratchetDigest(envelope: Pick<OutboxEnvelope, 'ratcheted'>): Bytes {
  return sha256(UnidentifiedSenderMessageContent.deserialize(envelope.ratcheted).contents())
}
