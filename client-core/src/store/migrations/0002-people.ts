/** Trust, search, resends and everything else that two people need. Never edited once released. */
export const people = `
ALTER TABLE account ADD COLUMN status TEXT NOT NULL DEFAULT '';
-- A new access key until the relay knows it: the one before is good that long, and goes to contacts.
ALTER TABLE account ADD COLUMN pending_access_key BLOB;
-- How the relay is reached: socks5h://host:port, http://host:port; null: directly, or as configured.
ALTER TABLE account ADD COLUMN proxy TEXT;

ALTER TABLE contact ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN status TEXT NOT NULL DEFAULT '';
-- The account that has this contact's username now: its safety number is another one.
ALTER TABLE contact ADD COLUMN successor TEXT;
-- The claim that was looked up last, and when: a claim is not looked up again and again.
ALTER TABLE contact ADD COLUMN claim_checked TEXT;
ALTER TABLE contact ADD COLUMN claim_checked_ms INTEGER NOT NULL DEFAULT 0;
-- Secret of the invite by which we know them; goes as proof with the first message.
ALTER TABLE contact ADD COLUMN invite_secret BLOB;
-- Texts of this request that were let go, because too many waited.
ALTER TABLE contact ADD COLUMN held_dropped INTEGER NOT NULL DEFAULT 0;

-- Usernames are case-insensitive.
CREATE INDEX contact_username ON contact (handle COLLATE NOCASE);
CREATE INDEX contact_successor ON contact (successor) WHERE successor IS NOT NULL;

ALTER TABLE conversation ADD COLUMN muted_until_ms INTEGER;
ALTER TABLE conversation ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN pinned_ms INTEGER;
ALTER TABLE conversation ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0;

ALTER TABLE message ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;

-- When somebody's device said that an own message was delivered or read.
CREATE TABLE message_receipt (
  message TEXT NOT NULL, account TEXT NOT NULL, type TEXT NOT NULL CHECK (type IN ('delivered', 'read')),
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (message, account, type)
) STRICT, WITHOUT ROWID;

-- Full-text search; newest first is by row, which rises with arrival. Who wrote it and where stand
-- in it too, as one word each, so that "the, from Bob" reads no message of others.
ALTER TABLE message ADD COLUMN place TEXT GENERATED ALWAYS AS (conversation || ' ' || replace(author, '-', '')) VIRTUAL;
CREATE VIRTUAL TABLE message_search USING fts5(
  body, place, content = 'message', content_rowid = 'row', tokenize = 'signal_tokenizer', columnsize = 0
);
INSERT INTO message_search (message_search, rank) VALUES ('secure-delete', 1);
INSERT INTO message_search (message_search) VALUES ('rebuild');
CREATE TRIGGER message_search_insert AFTER INSERT ON message BEGIN
  INSERT INTO message_search (rowid, body, place) VALUES (new.row, new.body, new.place);
END;
CREATE TRIGGER message_search_delete AFTER DELETE ON message BEGIN
  INSERT INTO message_search (message_search, rowid, body, place) VALUES ('delete', old.row, old.body, old.place);
END;
CREATE TRIGGER message_search_update AFTER UPDATE OF body ON message BEGIN
  INSERT INTO message_search (message_search, rowid, body, place) VALUES ('delete', old.row, old.body, old.place);
  INSERT INTO message_search (rowid, body, place) VALUES (new.row, new.body, new.place);
END;
-- Pages, the newest of a conversation and its place in the list: what is held is in none of them.
DROP INDEX message_order;
CREATE INDEX message_order ON message (conversation, arrival_ms, author, id) WHERE held = 0;
-- Arrival of the newest message that is not held; 0: none. The list of ten thousand conversations
-- is in order by it, without a look at any message.
ALTER TABLE conversation ADD COLUMN active_ms INTEGER NOT NULL DEFAULT 0;
UPDATE conversation SET active_ms = COALESCE(
  (SELECT MAX(arrival_ms) FROM message m WHERE m.conversation = conversation.id AND m.held = 0), 0);
CREATE TRIGGER message_active_insert AFTER INSERT ON message WHEN new.held = 0 BEGIN
  UPDATE conversation SET active_ms = new.arrival_ms
    WHERE id = new.conversation AND active_ms < new.arrival_ms;
END;
CREATE TRIGGER message_active_update AFTER UPDATE OF arrival_ms, held ON message BEGIN
  UPDATE conversation SET active_ms = COALESCE(
    (SELECT MAX(arrival_ms) FROM message m WHERE m.conversation = new.conversation AND m.held = 0), 0)
    WHERE id = new.conversation;
END;
CREATE TRIGGER message_active_delete AFTER DELETE ON message BEGIN
  UPDATE conversation SET active_ms = COALESCE(
    (SELECT MAX(arrival_ms) FROM message m WHERE m.conversation = old.conversation AND m.held = 0), 0)
    WHERE id = old.conversation;
END;
-- Between which arrivals the messages of 1,024 rows lie, or lay: before: and after: pass over the
-- rows that cannot be meant.
CREATE TABLE message_span (
  span INTEGER PRIMARY KEY, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL
) STRICT;
INSERT INTO message_span SELECT row >> 10, MIN(arrival_ms), MAX(arrival_ms) FROM message GROUP BY row >> 10;
CREATE TRIGGER message_span_insert AFTER INSERT ON message BEGIN
  INSERT INTO message_span VALUES (new.row >> 10, new.arrival_ms, new.arrival_ms)
    ON CONFLICT (span) DO UPDATE SET
      first_ms = MIN(first_ms, excluded.first_ms), last_ms = MAX(last_ms, excluded.last_ms);
END;
CREATE TRIGGER message_span_update AFTER UPDATE OF arrival_ms ON message BEGIN
  UPDATE message_span SET first_ms = MIN(first_ms, new.arrival_ms), last_ms = MAX(last_ms, new.arrival_ms)
    WHERE span = new.row >> 10;
END;

-- The outbox again, with one more kind: SQLite cannot change a CHECK.
CREATE TABLE outbox_next (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  recipient TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('text', 'request', 'receipt', 'profile', 'decryption-error')),
  content BLOB NOT NULL,
  message TEXT,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sealed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_ms INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL,
  -- What could not be opened, once more: it is not sent a third time.
  resend INTEGER NOT NULL DEFAULT 0,
  -- JSON: why the last attempt failed.
  error TEXT
) STRICT;
INSERT INTO outbox_next (row, recipient, kind, content, message, state, attempts, next_ms, created_ms)
  SELECT row, recipient, kind, content, message, state, attempts, next_ms, created_ms FROM outbox;
DELETE FROM sqlite_sequence WHERE name = 'outbox_next';
INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox_next', seq FROM sqlite_sequence WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE INDEX outbox_recipient ON outbox (recipient, row);
CREATE INDEX outbox_message ON outbox (message) WHERE message IS NOT NULL;

-- What the relay has accepted lately, to be sealed again for a device that could not open it.
CREATE TABLE sent (
  row INTEGER PRIMARY KEY,
  recipient TEXT NOT NULL,
  kind TEXT NOT NULL,
  content BLOB NOT NULL,
  message TEXT,
  accepted_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX sent_age ON sent (accepted_ms);
CREATE INDEX sent_message ON sent (message) WHERE message IS NOT NULL;
CREATE TABLE sent_envelope (
  -- SHA-256 of the ratchet message.
  digest BLOB PRIMARY KEY,
  sent INTEGER NOT NULL,
  account TEXT NOT NULL,
  device INTEGER NOT NULL,
  resent INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_envelope_of ON sent_envelope (sent);
-- When a contact that had missed our profile was given it again.
CREATE TABLE introduced (account TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE session_reset (
  account TEXT NOT NULL, device INTEGER NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (account, device)
) STRICT, WITHOUT ROWID;

-- Envelopes being opened: counted before the opening, so that one which kills us is found out.
CREATE TABLE opening (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch INTEGER NOT NULL, seq INTEGER NOT NULL, through INTEGER NOT NULL, attempts INTEGER NOT NULL
) STRICT;
-- Ratchet messages that were opened: what comes a second time is a replay, not a key used twice.
CREATE TABLE opened (
  -- SHA-256 of the ratchet message.
  digest BLOB PRIMARY KEY, at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX opened_age ON opened (at_ms);
ALTER TABLE quarantine ADD COLUMN digest BLOB;
ALTER TABLE quarantine ADD COLUMN asked_ms INTEGER;
CREATE INDEX quarantine_digest ON quarantine (digest) WHERE digest IS NOT NULL;

-- One-time keys that were handed out and never used are not kept for ever.
ALTER TABLE ec_prekey ADD COLUMN created_ms INTEGER NOT NULL DEFAULT 0;

-- What happened to safety numbers: verify log.
CREATE TABLE identity_log (
  row INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, account TEXT NOT NULL,
  event TEXT NOT NULL CHECK (event IN ('met', 'changed', 'trusted', 'verified', 'reset')),
  -- The other account, where a username went from one to another.
  other TEXT
) STRICT;
CREATE INDEX identity_log_of ON identity_log (account);

CREATE TABLE invite (
  id TEXT PRIMARY KEY, secret BLOB NOT NULL, uses INTEGER, uses_left INTEGER, expires_ms INTEGER, created_ms INTEGER NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Events up to here are no longer kept, as was looked at last at that time.
CREATE TABLE journal_purged (
  one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
-- When the consumer acknowledged last: one that is gone holds nothing up.
ALTER TABLE consumer ADD COLUMN moved_ms INTEGER NOT NULL DEFAULT 0;
`
