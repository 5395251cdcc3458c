/** What of a conversation the person wants to be told of. Never edited once released. */
export const notify = `
ALTER TABLE conversation ADD COLUMN notify TEXT NOT NULL DEFAULT 'all'
  CHECK (notify IN ('all', 'mentions', 'none'));
`
