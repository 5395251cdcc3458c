/** Accounts that were deleted: whoever kept a manifest must not bring one back. */
export const DELETED_ACCOUNTS = `
CREATE TABLE deleted_account (account BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
`
