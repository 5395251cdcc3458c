/** The first schema. Every primary key begins with the id that a cluster would distribute by. */
export const FIRST = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('epoch', 1);

CREATE TABLE account (
  account BLOB PRIMARY KEY,
  identity_key BLOB NOT NULL,
  route BLOB NOT NULL,
  access_key BLOB NOT NULL,
  previous_access_key BLOB,
  username_hash BLOB,
  manifest_version INTEGER NOT NULL,
  manifest BLOB NOT NULL,
  manifest_signature BLOB NOT NULL,
  manifest_hash BLOB NOT NULL,
  created_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE route (route BLOB PRIMARY KEY, account BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE username (hash BLOB PRIMARY KEY, account BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  account BLOB NOT NULL,
  device INTEGER NOT NULL,
  registration_id INTEGER NOT NULL,
  device_key BLOB NOT NULL,
  mailbox BLOB NOT NULL,
  signed_id INTEGER NOT NULL DEFAULT 0,
  last_resort_id INTEGER NOT NULL DEFAULT 0,
  one_time_ec_id INTEGER NOT NULL DEFAULT 0,
  one_time_kyber_id INTEGER NOT NULL DEFAULT 0,
  one_time_ec_count INTEGER NOT NULL DEFAULT 0,
  one_time_kyber_count INTEGER NOT NULL DEFAULT 0,
  last_resort_used INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE prekey (
  account BLOB NOT NULL,
  device INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  id INTEGER NOT NULL,
  public_key BLOB NOT NULL,
  signature BLOB,
  PRIMARY KEY (account, device, kind, id)
) STRICT;

CREATE TABLE mailbox (
  mailbox BLOB PRIMARY KEY,
  head INTEGER NOT NULL DEFAULT 0,
  acknowledged INTEGER NOT NULL DEFAULT 0,
  envelopes INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  stranger_envelopes INTEGER NOT NULL DEFAULT 0,
  stranger_bytes INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE envelope (
  mailbox BLOB NOT NULL,
  seq INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  arrival_ms INTEGER NOT NULL,
  key BLOB,
  body BLOB,
  PRIMARY KEY (mailbox, seq)
) STRICT;

-- Idempotency keys of envelopes that are gone: no time, only a day to forget them.
CREATE TABLE tombstone (
  mailbox BLOB NOT NULL,
  key BLOB NOT NULL,
  forget_day INTEGER NOT NULL,
  PRIMARY KEY (mailbox, key)
) STRICT, WITHOUT ROWID;

-- The decoy: an account nobody has, looked up so that a refusal costs the same for an unknown
-- account as for a wrong key. Its id is no account id; its access key is known to nobody.
INSERT INTO account VALUES (zeroblob(16), randomblob(33), zeroblob(16), randomblob(16),
  randomblob(16), NULL, 1, zeroblob(160), zeroblob(64), zeroblob(32), 0);
INSERT INTO route VALUES (zeroblob(16), zeroblob(16));
INSERT INTO device (account, device, registration_id, device_key, mailbox, signed_id,
  last_resort_id) VALUES (zeroblob(16), 1, 1, zeroblob(32), zeroblob(16), 1, 1);
`
