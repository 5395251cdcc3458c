/** Errors that are answered later. Never edited once released. */
export const postponed = `
-- What a device could not open while its session may not be given up again yet: answered when it may.
CREATE TABLE error_postponed (
  -- SHA-256 of the ratchet message.
  digest BLOB PRIMARY KEY,
  -- Whose error it is, and libsignal's DecryptionErrorMessage.
  account TEXT NOT NULL, device INTEGER NOT NULL, error BLOB NOT NULL,
  -- Relay time.
  due_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX error_postponed_due ON error_postponed (due_ms);
`
