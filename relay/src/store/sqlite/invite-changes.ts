import type Database from '@signalapp/sqlcipher'
import type { Bytes } from '@sotto/protocol'
import type { Changes, InviteSpending } from '../port.js'
import type { PermitChanges } from './permit-changes.js'
import { blob, type Row } from './rows.js'

/** Contact invites, each by the hash of its key; call changes inside a transaction only. */
export class InviteChanges {
  readonly #database: Database
  readonly #errands: PermitChanges

  constructor(database: Database, errands: PermitChanges) {
    this.#database = database
    this.#errands = errands
  }

  /** Changes nothing: of somebody who shows what is none, nothing is written. */
  grants(spending: InviteSpending): boolean {
    const isLive = this.#isLive(spending)
    const standing = this.#errands.standing(spending)
    return standing === 'new' ? isLive : standing !== 'refused'
  }

  spend(spending: InviteSpending): 'granted' | 'refused' {
    if (!this.grants(spending)) return 'refused'
    if (this.#errands.standing(spending) === 'new') {
      this.#database
        .prepare(
          'UPDATE invite SET uses_left = uses_left - 1 WHERE account = ? AND hash = ? AND uses_left > 0',
        )
        .run([spending.account, spending.inviteHash])
    }
    return this.#errands.spend(spending)
  }

  publish({ account, invites }: Changes['publish-invites']['input']): 'done' {
    const isThere = this.#database
      .prepare('SELECT 1 FROM account WHERE account = ?')
      .get<Row>([account])
    if (isThere === undefined) return 'done' // Deleted meanwhile.
    const kept = new Set(invites.map(({ hash }) => Buffer.from(hash).toString('latin1')))
    for (const row of this.#database
      .prepare('SELECT hash FROM invite WHERE account = ?')
      .all<Row>([account])) {
      const hash = blob(row, 'hash')
      if (!kept.has(Buffer.from(hash).toString('latin1'))) this.#remove(account, hash)
    }
    const save = this.#database.prepare(
      `INSERT INTO invite (account, hash, uses_left, last_day) VALUES (?, ?, ?, ?)
       ON CONFLICT (account, hash) DO UPDATE SET last_day = excluded.last_day,
         uses_left = min(coalesce(uses_left, excluded.uses_left), excluded.uses_left)`,
    )
    for (const { hash, usesLeft, lastDay } of invites)
      save.run([account, hash, usesLeft ?? null, lastDay ?? null])
    return 'done'
  }

  forget({ day, max }: Changes['forget-invites']['input']): number {
    return this.#database
      .prepare(
        `DELETE FROM invite WHERE (account, hash) IN
           (SELECT account, hash FROM invite WHERE last_day < ? LIMIT ? + 0)`,
      )
      .run([day, max]).changes
  }

  #isLive({ account, inviteHash, today }: InviteSpending): boolean {
    const row = this.#database
      .prepare(
        `SELECT 1 FROM invite WHERE account = ? AND hash = ?
           AND coalesce(uses_left, 1) > 0 AND coalesce(last_day, ?) >= ?`,
      )
      .get<Row>([account, inviteHash, today, today])
    return row !== undefined
  }

  #remove(account: Bytes, hash: Bytes): void {
    this.#database.prepare('DELETE FROM invite WHERE account = ? AND hash = ?').run([account, hash])
  }
}
