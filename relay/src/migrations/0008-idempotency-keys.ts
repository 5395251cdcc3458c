/**
 * Every idempotency key is in one table from its submission on: with the seq of its envelope, which
 * is 0 for those that were gone before, and the day from which on it may be forgotten. Only what waits
 * is written, in the order of its keys, so that each page is touched once. OR ROLLBACK, or SQLite would
 * hold every page that was there in memory until the end, in case the statement alone is undone.
 * The column that held the keys stays, empty in new envelopes: to drop it is to write them all anew.
 */
export const IDEMPOTENCY_KEYS = `
ALTER TABLE tombstone RENAME TO idempotency_key;
ALTER TABLE idempotency_key ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
INSERT OR ROLLBACK INTO idempotency_key (mailbox, key, forget_day, seq)
  SELECT mailbox, key, arrival_ms / 86400000 + 44, seq FROM envelope INDEXED BY envelope_key
  WHERE key IS NOT NULL ORDER BY mailbox, key;
DROP INDEX envelope_key;
`
