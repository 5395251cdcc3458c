/** The first schema. Never edited once released: later schemas are later files. */
export const spine = `
-- This device of this account; exactly one row.
CREATE TABLE account (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  account TEXT NOT NULL,
  device INTEGER NOT NULL,
  registration_id INTEGER NOT NULL,
  relay TEXT NOT NULL,
  relay_root BLOB NOT NULL,
  certificate_root BLOB NOT NULL,
  identity_pair BLOB NOT NULL,
  device_key BLOB NOT NULL,
  manifest BLOB NOT NULL,
  manifest_signature BLOB NOT NULL,
  username TEXT,
  name TEXT NOT NULL,
  profile_version INTEGER NOT NULL,
  access_key BLOB NOT NULL,
  route BLOB,
  created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE certificate (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  certificate BLOB NOT NULL,
  drawn_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;

-- A relay that was restored from a backup counts in another epoch.
CREATE TABLE relay_epoch (
  one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, prekeys_replaced INTEGER NOT NULL
) STRICT;

-- Private halves of what this device published (PQXDH, "Publishing keys").
CREATE TABLE ec_prekey (id INTEGER PRIMARY KEY, record BLOB NOT NULL, published INTEGER NOT NULL) STRICT;
CREATE TABLE signed_prekey (
  id INTEGER PRIMARY KEY, record BLOB NOT NULL, published INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, retired_ms INTEGER
) STRICT;
CREATE TABLE kyber_prekey (
  id INTEGER PRIMARY KEY, record BLOB NOT NULL, published INTEGER NOT NULL, last_resort INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, retired_ms INTEGER
) STRICT;
-- A last-resort key opens each first message once (replays are refused).
CREATE TABLE kyber_seen (
  kyber_id INTEGER NOT NULL, signed_id INTEGER NOT NULL, base_key BLOB NOT NULL, seen_ms INTEGER NOT NULL,
  PRIMARY KEY (kyber_id, signed_id, base_key)
) STRICT, WITHOUT ROWID;
-- The highest prekey id ever made, by kind: ids only rise.
CREATE TABLE prekey_counter (kind TEXT PRIMARY KEY, highest INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Other accounts, as cryptography knows them.
CREATE TABLE peer (
  account TEXT PRIMARY KEY,
  identity_key BLOB NOT NULL,
  verified INTEGER NOT NULL DEFAULT 0,
  manifest_version INTEGER NOT NULL,
  manifest BLOB NOT NULL,
  manifest_signature BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
  account TEXT NOT NULL,
  device INTEGER NOT NULL,
  record BLOB NOT NULL,
  -- The other end has answered in this session: it has our manifest of this version.
  confirmed INTEGER NOT NULL,
  manifest_sent INTEGER NOT NULL,
  PRIMARY KEY (account, device)
) STRICT, WITHOUT ROWID;

-- Other accounts, as a person knows them.
CREATE TABLE contact (
  account TEXT PRIMARY KEY,
  trust TEXT NOT NULL CHECK (trust IN ('known', 'request')),
  alias TEXT UNIQUE,
  handle TEXT,
  claimed TEXT,
  name TEXT,
  access_key BLOB,
  profile_version INTEGER NOT NULL DEFAULT 0,
  profile_sent INTEGER NOT NULL DEFAULT 0,
  route BLOB,
  created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_handle ON contact (handle) WHERE handle IS NOT NULL;

CREATE TABLE conversation (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('direct', 'self')),
  account TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  row INTEGER PRIMARY KEY,
  conversation TEXT NOT NULL,
  author TEXT NOT NULL,
  id TEXT NOT NULL,
  device INTEGER NOT NULL,
  sent_ms INTEGER NOT NULL,
  -- Relay time; an estimate while an own message is queued.
  arrival_ms INTEGER NOT NULL,
  body TEXT,
  -- Content of a newer sotto, whole, to be read again after an upgrade.
  raw BLOB,
  reply_author TEXT,
  reply_id TEXT,
  -- queued, accepted, delivered, read, failed: own messages; received: others'.
  status TEXT NOT NULL CHECK (status IN ('queued', 'accepted', 'delivered', 'read', 'failed', 'received')),
  -- From a request that nobody has accepted yet.
  held INTEGER NOT NULL DEFAULT 0,
  seen INTEGER NOT NULL DEFAULT 0,
  UNIQUE (author, id)
) STRICT;
CREATE INDEX message_order ON message (conversation, arrival_ms, author, id);
CREATE INDEX message_id ON message (id);
CREATE INDEX message_unseen ON message (conversation) WHERE seen = 0 AND held = 0;
CREATE INDEX message_held ON message (author) WHERE held = 1;

-- To be sent, oldest first per recipient.
CREATE TABLE outbox (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  recipient TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('text', 'request', 'receipt', 'profile')),
  content BLOB NOT NULL,
  message TEXT,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sealed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_ms INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_recipient ON outbox (recipient, row);
CREATE INDEX outbox_message ON outbox (message) WHERE message IS NOT NULL;
-- The bytes of each sealing, submitted again unchanged until the relay has them.
CREATE TABLE outbox_envelope (
  outbox INTEGER NOT NULL,
  account TEXT NOT NULL,
  device INTEGER NOT NULL,
  registration_id INTEGER NOT NULL,
  -- Ratchet ciphertext with its type and certificate (Sealed Sender, "unidentified sender message").
  ratcheted BLOB NOT NULL,
  -- Of this sealing attempt; the idempotency key is derived from it.
  secret BLOB NOT NULL,
  body BLOB NOT NULL,
  certificate_expires_ms INTEGER NOT NULL,
  PRIMARY KEY (outbox, account, device)
) STRICT, WITHOUT ROWID;
-- Receipts waiting for their random moment.
CREATE TABLE receipt_due (
  recipient TEXT NOT NULL, type TEXT NOT NULL CHECK (type IN ('delivered', 'read')), message TEXT NOT NULL,
  due_ms INTEGER NOT NULL,
  PRIMARY KEY (recipient, type, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE send_key (
  key TEXT PRIMARY KEY, content_hash BLOB NOT NULL, messages TEXT NOT NULL, created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where this device stands in its mailbox: what is at or below it is committed here.
CREATE TABLE inbox_cursor (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT;
CREATE TABLE quarantine (
  row INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL, seq INTEGER NOT NULL, arrival_ms INTEGER NOT NULL,
  account TEXT, device INTEGER, reason TEXT NOT NULL, body BLOB NOT NULL
) STRICT;

CREATE TABLE journal_id (one INTEGER PRIMARY KEY CHECK (one = 1), id BLOB NOT NULL) STRICT;
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  type TEXT NOT NULL,
  account TEXT,
  device INTEGER,
  message TEXT,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX journal_message ON journal (message) WHERE message IS NOT NULL;
CREATE TABLE consumer (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`
