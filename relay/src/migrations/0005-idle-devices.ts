/**
 * When a device was seen last, as a count of the days on which this relay ran, and those mailboxes
 * that are gone but for some of their rows. The count begins with this migration.
 */
export const IDLE_DEVICES = `
INSERT INTO meta (name, value) VALUES ('relay_day', 1), ('calendar_day', 0);
ALTER TABLE device ADD COLUMN last_day INTEGER NOT NULL DEFAULT 1;
CREATE TABLE closed_mailbox (mailbox BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
`
