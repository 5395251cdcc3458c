import { SessionRecord } from '@signalapp/libsignal-client'
import { ownBytes, type Bytes } from '@sotto/protocol'
import type { StoredSession } from '../store/tables/peers.js'

/**
 * Lent to libsignal, which copies them; never changed here. As long as the session itself is kept, so
 * that it is not taken apart again for everybody who looks at it.
 */
const live = new WeakMap<StoredSession, SessionRecord>()

/**
 * A session as libsignal has just saved it. Of a batch only the last state of each session is
 * committed, so it becomes bytes when somebody asks for them.
 */
export function liveSession(
  of: Omit<StoredSession, 'record'>,
  record: SessionRecord,
): StoredSession {
  let bytes: Bytes | undefined
  const session = {
    ...of,
    get record(): Bytes {
      bytes ??= ownBytes(record.serialize())
      return bytes
    },
  }
  live.set(session, record)
  return session
}

/** The session for libsignal to read. */
export function liveRecord(session: StoredSession): SessionRecord {
  const known = live.get(session)
  if (known !== undefined) return known
  const record = SessionRecord.deserialize(session.record)
  live.set(session, record)
  return record
}
