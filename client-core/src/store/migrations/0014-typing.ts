/** Whether it is told who is writing, to others and to us. Never edited once released. */
export const typing = `
ALTER TABLE account ADD COLUMN typing INTEGER NOT NULL DEFAULT 1 CHECK (typing IN (0, 1));
`
