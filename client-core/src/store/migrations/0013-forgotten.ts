/** Who was forgotten, and when. Never edited once released. */
export const forgotten = `
-- Accounts that are no contact and no request any more: what they sealed may still be on its way.
CREATE TABLE forgotten (account TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO forgotten SELECT account, CAST(strftime('%s', 'now') AS INTEGER) * 1000
  FROM (SELECT account FROM session UNION SELECT account FROM peer)
  WHERE account NOT IN (SELECT account FROM contact) AND account NOT IN (SELECT account FROM account);
`
