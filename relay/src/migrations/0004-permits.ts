/**
 * Permits: who drew today, by the hash of the blinded request, which no permit can be matched with;
 * and what was spent, by a nullifier that nobody who issued it has seen.
 */
export const PERMITS = `
CREATE TABLE permit_draw (
  account BLOB NOT NULL,
  device INTEGER NOT NULL,
  day INTEGER NOT NULL,
  request_hash BLOB NOT NULL,
  PRIMARY KEY (account, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE permit_spent (
  nullifier BLOB PRIMARY KEY,
  target_hash BLOB NOT NULL,
  ends_minute INTEGER NOT NULL,
  request_hashes BLOB,
  day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX permit_spent_day ON permit_spent (day);
`
