/** An envelope that waits is found by its idempotency key. */
export const ENVELOPE_KEYS = `
CREATE INDEX envelope_key ON envelope (mailbox, key) WHERE key IS NOT NULL;
`
