/**
 * A stranger's permits: the stock, those that an errand has taken, and what they are drawn under. The
 * context of a draw is kept until its answer is on disk. Never edited once released.
 */
export const permits = `
CREATE TABLE permit (
  permit BLOB PRIMARY KEY,
  expires_ms INTEGER NOT NULL,
  target BLOB
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX permit_target ON permit (target) WHERE target IS NOT NULL;

CREATE TABLE permit_draw (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  parameters BLOB NOT NULL,
  batch INTEGER NOT NULL,
  context BLOB,
  day INTEGER NOT NULL
) STRICT;
`
