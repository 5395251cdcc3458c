import type Database from '@signalapp/sqlcipher'

export type MailboxStatements = ReturnType<typeof prepareMailboxStatements>

/** The statements of mailbox-changes.ts, compiled once. A `kind` is a ROW of that file. */
export function prepareMailboxStatements(database: Database) {
  return {
    arrival: database.prepare('SELECT arrival_ms FROM envelope WHERE mailbox = ? AND key = ?', {
      pluck: true,
    }),
    isBuried: database.prepare('SELECT 1 FROM tombstone WHERE mailbox = ? AND key = ?', {
      pluck: true,
    }),
    bury: database.prepare(
      `INSERT OR IGNORE INTO tombstone (mailbox, key, forget_day)
       SELECT mailbox, key, ? FROM envelope
       WHERE mailbox = ? AND seq BETWEEN ? AND ? AND key IS NOT NULL`,
    ),
    insert: database.prepare(
      `INSERT INTO envelope (mailbox, seq, kind, lost, arrival_ms, key, body)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    /** `insert` of an envelope unless its key is known; one statement, for each costs microseconds. */
    insertNew: database.prepare(
      `WITH new (mailbox, seq, kind, arrival_ms, key, body) AS (VALUES (?, ?, ?, ?, ?, ?))
       INSERT INTO envelope (mailbox, seq, kind, lost, arrival_ms, key, body)
       SELECT mailbox, seq, kind, 0, arrival_ms, key, body FROM new
       WHERE NOT EXISTS (SELECT 1 FROM envelope o WHERE o.mailbox = new.mailbox AND o.key = new.key)
         AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.mailbox = new.mailbox AND t.key = new.key)`,
    ),
    sumUpTo: database.prepare(
      `SELECT count(*) AS envelopes, coalesce(sum(length(body)), 0) AS bytes,
         coalesce(sum(kind = 1), 0) AS strangers,
         coalesce(sum(iif(kind = 1, length(body), 0)), 0) AS stranger_bytes
       FROM envelope WHERE mailbox = ? AND seq <= ?`,
    ),
    deleteUpTo: database.prepare('DELETE FROM envelope WHERE mailbox = ? AND seq <= ?'),
    head: database.prepare('SELECT kind FROM envelope WHERE mailbox = ? AND seq = ?', {
      pluck: true,
    }),
    count: database.prepare(
      'UPDATE envelope SET lost = lost + ?, arrival_ms = ? WHERE mailbox = ? AND seq = ?',
    ),
    close: database.prepare(
      'UPDATE envelope SET kind = kind | 4 WHERE mailbox = ? AND seq <= ? AND kind IN (2, 3)',
    ),
    oldest: database.prepare(
      `SELECT seq, kind, lost, arrival_ms, length(body) AS bytes FROM envelope
       WHERE mailbox = ? ORDER BY seq LIMIT ? + 0`,
    ),
    delete: database.prepare('DELETE FROM envelope WHERE mailbox = ? AND seq = ?'),
  }
}
