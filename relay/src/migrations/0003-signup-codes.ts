/** Codes that make accounts: the hash of each, for nobody who reads the table shall use one. */
export const SIGNUP_CODES = `
CREATE TABLE signup_code (
  hash BLOB PRIMARY KEY,
  uses_left INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`
