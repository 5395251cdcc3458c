/** What is being written and not sent. Never edited once released. */
export const drafts = `
CREATE TABLE draft (
  conversation TEXT PRIMARY KEY,
  -- As whoever shows it wrote it; the core does not look inside.
  draft TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
