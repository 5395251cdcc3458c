/** What the relay was told of our invites last. Never edited once released. */
export const invitesPublished = `
CREATE TABLE invites_published (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  hash BLOB NOT NULL
) STRICT;
`
