/** The idempotency keys that came last, one row for each transaction: store/sqlite/idempotency-keys.ts. */
export const IDEMPOTENCY_LOG = `
CREATE TABLE idempotency_log (position INTEGER PRIMARY KEY, keys BLOB NOT NULL) STRICT;
`
