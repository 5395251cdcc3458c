import type Database from '@signalapp/sqlcipher'

export type MailboxStatements = ReturnType<typeof prepareMailboxStatements>

/** The statements of mailbox-changes.ts, compiled once. A `kind` is a ROW of that file. */
export function prepareMailboxStatements(database: Database) {
  return {
    arrival: database.prepare(
      'SELECT arrival_ms FROM envelope WHERE mailbox = ? AND seq = ? AND kind IN (0, 1)',
      { pluck: true },
    ),
    insert: database.prepare(
      `INSERT INTO envelope (mailbox, seq, kind, lost, arrival_ms, body) VALUES (?, ?, ?, ?, ?, ?)`,
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
      `SELECT seq, kind, lost, arrival_ms, coalesce(length(body), 0) AS bytes
       FROM envelope
       WHERE mailbox = ? ORDER BY seq LIMIT ? + 0`,
    ),
    deleteBetween: database.prepare(
      'DELETE FROM envelope WHERE mailbox = ? AND seq BETWEEN ? AND ?',
    ),
  }
}
