/** What the relay does not have yet stands last in its conversation. Never edited once released. */
export const queuedLast = `
-- An own message that waits has no arrival: it stands behind all that have one.
ALTER TABLE message ADD COLUMN queued INTEGER GENERATED ALWAYS AS (status = 'queued') VIRTUAL;
DROP INDEX message_order;
CREATE INDEX message_order ON message (conversation, queued, arrival_ms, author, id) WHERE held = 0;
DROP TRIGGER message_active_update;
CREATE TRIGGER message_active_update AFTER UPDATE OF arrival_ms, held ON message BEGIN
  UPDATE conversation SET active_ms = MAX(
    COALESCE((SELECT MAX(arrival_ms) FROM message m
      WHERE m.conversation = new.conversation AND m.queued = 0 AND m.held = 0), 0),
    COALESCE((SELECT MAX(arrival_ms) FROM message m
      WHERE m.conversation = new.conversation AND m.queued = 1 AND m.held = 0), 0))
    WHERE id = new.conversation;
END;
DROP TRIGGER message_active_delete;
CREATE TRIGGER message_active_delete AFTER DELETE ON message BEGIN
  UPDATE conversation SET active_ms = MAX(
    COALESCE((SELECT MAX(arrival_ms) FROM message m
      WHERE m.conversation = old.conversation AND m.queued = 0 AND m.held = 0), 0),
    COALESCE((SELECT MAX(arrival_ms) FROM message m
      WHERE m.conversation = old.conversation AND m.queued = 1 AND m.held = 0), 0))
    WHERE id = old.conversation;
END;
`
