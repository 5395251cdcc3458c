import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from '@signalapp/sqlcipher'
import { asStorageError } from '../store/sqlite/faults.js'

const COUNTS = `SELECT
  (SELECT count(*) - 1 FROM account) AS accounts,
  (SELECT count(*) - 1 FROM device) AS devices,
  (SELECT coalesce(sum(envelopes), 0) FROM mailbox) AS waitingEnvelopes,
  (SELECT coalesce(sum(bytes), 0) FROM mailbox) AS waitingBytes,
  (SELECT coalesce(max(envelopes), 0) FROM mailbox) AS fullestMailbox`

/**
 * How much a relay holds. Counted here, over a connection of our own, and never in the relay, whose
 * clients would wait for it. The decoy, an account and a device nobody has, is not counted.
 */
export function countRows(folder: string): Readonly<Record<string, number>> {
  const path = join(folder, 'relay.db')
  try {
    const database = new Database(path)
    const counts = database.prepare(COUNTS).get<Record<string, number>>() ?? {}
    database.close()
    return { ...counts, databaseBytes: sizeOf(path), logBytes: sizeOf(`${path}-wal`) }
  } catch (cause) {
    throw asStorageError(cause)
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
