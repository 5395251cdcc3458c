import type { Bytes } from '@sotto/protocol'
import { blob, integer, integerOrNull, text, type Row, type Statements } from '../rows.js'

/** An invitation of ours: whoever proves to know its secret is a contact at once. */
export interface Invite {
  readonly id: string
  /** 16 bytes. */
  readonly secret: Bytes
  /** Null: any number of people may use it. */
  readonly uses: number | null
  readonly usesLeft: number | null
  /** Relay time; null: never. */
  readonly expiresMs: number | null
  readonly createdMs: number
  readonly revoked: boolean
}

export class InvitesReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  /** Oldest first. */
  all(): readonly Invite[] {
    return this.sql.all('SELECT * FROM invite ORDER BY created_ms, id').map(inviteOf)
  }

  /** SHA-256 of what the relay was told of them last; undefined: nothing yet. */
  publishedHash(): Bytes | undefined {
    const row = this.sql.get('SELECT hash FROM invites_published')
    return row === undefined ? undefined : blob(row, 'hash')
  }

  byId(id: string): Invite | undefined {
    const row = this.sql.get('SELECT * FROM invite WHERE id = ?', [id])
    return row === undefined ? undefined : inviteOf(row)
  }
}

export class InvitesWriter extends InvitesReader {
  add(invite: Invite): void {
    this.sql.run('INSERT INTO invite VALUES (?, ?, ?, ?, ?, ?, ?)', [
      invite.id,
      invite.secret,
      invite.uses,
      invite.usesLeft,
      invite.expiresMs,
      invite.createdMs,
      invite.revoked ? 1 : 0,
    ])
  }

  /** One use fewer is left, where they are counted. */
  countDown(id: string): void {
    this.sql.run('UPDATE invite SET uses_left = uses_left - 1 WHERE id = ?', [id])
  }

  savePublishedHash(hash: Bytes): void {
    this.sql.run('INSERT OR REPLACE INTO invites_published VALUES (1, ?)', [hash])
  }

  revoke(id: string): void {
    this.sql.run('UPDATE invite SET revoked = 1 WHERE id = ?', [id])
  }

  remove(id: string): void {
    this.sql.run('DELETE FROM invite WHERE id = ?', [id])
  }
}

function inviteOf(row: Row): Invite {
  return {
    id: text(row, 'id'),
    secret: blob(row, 'secret'),
    uses: integerOrNull(row, 'uses'),
    usesLeft: integerOrNull(row, 'uses_left'),
    expiresMs: integerOrNull(row, 'expires_ms'),
    createdMs: integer(row, 'created_ms'),
    revoked: integer(row, 'revoked') === 1,
  }
}
