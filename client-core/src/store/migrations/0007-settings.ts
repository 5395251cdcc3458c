/** What a person has set for whatever shows their account. Never edited once released. */
export const settings = `
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  -- As whoever shows it wrote it; the core does not look inside.
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
