/**
 * Contact invites, each by the hash of a key that its holders show: how often and how long they may.
 * Errands that began with one stand among those that began with a permit.
 */
export const INVITES = `
CREATE TABLE invite (
  account BLOB NOT NULL,
  hash BLOB NOT NULL,
  uses_left INTEGER,
  last_day INTEGER,
  PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;
`
