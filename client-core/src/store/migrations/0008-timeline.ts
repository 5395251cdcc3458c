/** What happened in a conversation beside its messages. Never edited once released. */
export const timeline = `
CREATE TABLE timeline_event (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The other one; null: nobody can tell whose it was, so that it stands in every conversation.
  account TEXT,
  -- Relay time, as the arrival of messages.
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- JSON.
  detail TEXT NOT NULL,
  -- How many messages it is about.
  count INTEGER NOT NULL,
  -- SHA-256 of the ratchet message that its author was asked to send again, and when that came.
  digest BLOB,
  filled_ms INTEGER,
  -- The newest message of all when it happened: between two with the same one nothing came.
  newest INTEGER NOT NULL
) STRICT;
CREATE INDEX timeline_event_order ON timeline_event (account, at_ms, row);
CREATE INDEX timeline_event_newest ON timeline_event (newest);
CREATE INDEX timeline_event_digest ON timeline_event (digest) WHERE digest IS NOT NULL;

-- As much as older stores know: the journal forgets what everybody has seen. What came between two
-- of these is not known: each stands alone.
INSERT INTO timeline_event (account, at_ms, kind, detail, count, newest)
  SELECT account, at_ms, 'gap',
    json_object('reason', COALESCE(json_extract(detail, '$.reason'), 'missing')),
    COALESCE(json_extract(detail, '$.count'), 1), -seq
  FROM journal WHERE type = 'gap' ORDER BY seq;
INSERT INTO timeline_event (account, at_ms, kind, detail, count, newest)
  SELECT account, at_ms, 'undecryptable',
    json_object('resendAsked', json(CASE json_extract(detail, '$.resendAsked') WHEN 1 THEN 'true' ELSE 'false' END)),
    1, -seq
  FROM journal WHERE type = 'message.undecryptable' ORDER BY seq;
INSERT INTO timeline_event (account, at_ms, kind, detail, count, newest)
  SELECT account, at_ms, 'identity', json_object('change', event, 'other', other), 1, 0
  FROM identity_log WHERE event != 'met' ORDER BY row;
`
