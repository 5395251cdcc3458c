/** Why messages failed, for as long as they are there. Never edited once released. */
export const failures = `
-- The journal forgets; a message that failed says why until it is sent after all.
CREATE TABLE message_failure (
  message TEXT PRIMARY KEY,
  -- JSON: the error as scripts read it.
  error TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT OR REPLACE INTO message_failure
  SELECT j.message, json_extract(j.detail, '$.error') FROM journal j
  JOIN message m ON m.id = j.message AND m.status = 'failed'
  WHERE j.type = 'message.status' AND json_extract(j.detail, '$.error') IS NOT NULL ORDER BY j.seq;
`
