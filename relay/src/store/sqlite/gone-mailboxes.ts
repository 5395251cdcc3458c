import type Database from '@signalapp/sqlcipher'
import type { Bytes } from '@sotto/protocol'

/** Deletes up to `max` envelopes and as many keys of a mailbox; true when none is left. */
export function deleteMailboxRows(database: Database, mailbox: Bytes, max: number): boolean {
  const envelopes = database
    .prepare(
      `DELETE FROM envelope WHERE mailbox = ?
       AND seq IN (SELECT seq FROM envelope WHERE mailbox = ? ORDER BY seq LIMIT ? + 0)`,
    )
    .run([mailbox, mailbox, max]).changes
  const keys = database
    .prepare(
      `DELETE FROM idempotency_key WHERE mailbox = ?
       AND key IN (SELECT key FROM idempotency_key WHERE mailbox = ? ORDER BY key LIMIT ? + 0)`,
    )
    .run([mailbox, mailbox, max]).changes
  return envelopes < max && keys < max
}
