/** Reactions, edits and deletes. Never edited once released. */
export const changes = `
-- When its author wrote the text as it is now, by their clock; null: it was never written anew.
ALTER TABLE message ADD COLUMN edited_ms INTEGER;
ALTER TABLE message ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
-- For everyone, by its author: what is left marks its place.
ALTER TABLE message ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
-- Somebody has reacted, or has taken a reaction back.
ALTER TABLE message ADD COLUMN reacted INTEGER NOT NULL DEFAULT 0;
-- An own message that failed after it was sealed.
ALTER TABLE message ADD COLUMN may_have_arrived INTEGER NOT NULL DEFAULT 0;
UPDATE message SET may_have_arrived = 1 WHERE status = 'failed';

CREATE TABLE reaction (
  author TEXT NOT NULL,
  message TEXT NOT NULL,
  -- Who reacted.
  account TEXT NOT NULL,
  device INTEGER NOT NULL,
  -- Empty: taken back, so that an older one that comes later does not stand again.
  emoji TEXT NOT NULL,
  -- By their clock.
  sent_ms INTEGER NOT NULL,
  PRIMARY KEY (author, message, account)
) STRICT, WITHOUT ROWID;

-- What came before the message that it changes.
CREATE TABLE change_waiting (
  author TEXT NOT NULL,
  message TEXT NOT NULL,
  account TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('reaction', 'edit', 'delete')),
  device INTEGER NOT NULL,
  -- An encoded Content.
  content BLOB NOT NULL,
  -- Relay time.
  arrival_ms INTEGER NOT NULL,
  PRIMARY KEY (author, message, account, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_waiting_of ON change_waiting (account, arrival_ms);
CREATE INDEX change_waiting_age ON change_waiting (arrival_ms);

-- Deleted here alone: a copy that comes again stays away.
CREATE TABLE message_gone (
  author TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (author, message)
) STRICT, WITHOUT ROWID;

-- What an earlier sotto kept and could not read: looked at once more.
CREATE TABLE read_again (
  author TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (author, message)
) STRICT, WITHOUT ROWID;
INSERT INTO read_again SELECT author, id FROM message WHERE raw IS NOT NULL;

-- The outbox again, with more kinds: SQLite cannot change a CHECK.
CREATE TABLE outbox_next (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  recipient TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN
    ('text', 'request', 'receipt', 'profile', 'decryption-error', 'reaction', 'edit', 'delete')),
  content BLOB NOT NULL,
  message TEXT,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sealed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_ms INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL,
  resend INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  -- The message that it changes, or repeats.
  target TEXT
) STRICT;
INSERT INTO outbox_next
  SELECT row, recipient, kind, content, message, state, attempts, next_ms, created_ms, resend, error, NULL
  FROM outbox;
DELETE FROM sqlite_sequence WHERE name = 'outbox_next';
INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox_next', seq FROM sqlite_sequence WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE INDEX outbox_recipient ON outbox (recipient, row);
CREATE INDEX outbox_message ON outbox (message) WHERE message IS NOT NULL;
CREATE INDEX outbox_target ON outbox (target) WHERE target IS NOT NULL;

ALTER TABLE sent ADD COLUMN target TEXT;
CREATE INDEX sent_target ON sent (target) WHERE target IS NOT NULL;
`
