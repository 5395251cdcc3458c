import type Database from '@signalapp/sqlcipher'
import type { Bytes } from '@sotto/protocol'
import type { Changes, CodeFault, ShownCode } from '../port.js'
import { integer, type Row } from './rows.js'

/** Sign-up codes, each by its hash; call these inside a transaction only. */
export class SignupCodes {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  create({ hash, uses, expiresMs }: Changes['create-signup-code']['input']): 'done' {
    this.#database
      .prepare('INSERT INTO signup_code (hash, uses_left, expires_ms) VALUES (?, ?, ?)')
      .run([hash, uses, expiresMs])
    return 'done'
  }

  /** Why the code makes no account now; undefined where it does. */
  faultOf({ hash, nowMs }: ShownCode): CodeFault | undefined {
    if (hash.length === 0) return 'code-needed'
    const code = this.#database
      .prepare('SELECT uses_left, expires_ms FROM signup_code WHERE hash = ?')
      .get<Row>([hash])
    if (code === undefined) return 'code-unknown'
    if (integer(code, 'expires_ms') <= nowMs) return 'code-expired'
    return integer(code, 'uses_left') > 0 ? undefined : 'code-used-up'
  }

  /** One use fewer of a code that has one. */
  spend(hash: Bytes): void {
    this.#database
      .prepare('UPDATE signup_code SET uses_left = uses_left - 1 WHERE hash = ? AND uses_left > 0')
      .run([hash])
  }

  forget({ beforeMs, max }: Changes['forget-signup-codes']['input']): number {
    return this.#database
      .prepare(
        `DELETE FROM signup_code WHERE hash IN
           (SELECT hash FROM signup_code WHERE expires_ms < ? LIMIT ? + 0)`,
      )
      .run([beforeMs, max]).changes
  }
}
