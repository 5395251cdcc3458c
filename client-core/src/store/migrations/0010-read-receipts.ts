/** Whether read receipts are sent, and those of others are shown. Never edited once released. */
export const readReceipts = `
ALTER TABLE account ADD COLUMN read_receipts INTEGER NOT NULL DEFAULT 1
  CHECK (read_receipts IN (0, 1));
`
