import type Database from '@signalapp/sqlcipher'
import type { RetentionChanges } from '../retention.js'
import { blob, integer, type Row } from './rows.js'

/** https://sqlite.org/pragma.html#pragma_auto_vacuum */
export const INCREMENTAL = 2

/** What makes the store smaller; call it inside a transaction only. */
export class Retention {
  readonly #database: Database
  readonly #keys
  readonly #forget

  constructor(database: Database) {
    this.#database = database
    this.#keys = database.prepare(
      `SELECT key, forget_day FROM tombstone
       WHERE mailbox = ? AND key > coalesce(?, zeroblob(0)) ORDER BY key LIMIT ? + 0`,
    )
    this.#forget = database.prepare('DELETE FROM tombstone WHERE mailbox = ? AND key = ?')
  }

  forgetKeys({
    mailbox,
    after,
    max,
    day,
  }: RetentionChanges['forget-keys']['input']): RetentionChanges['forget-keys']['output'] {
    const rows = this.#keys.all<Row>([mailbox, after ?? null, max])
    for (const row of rows) {
      if (integer(row, 'forget_day') <= day) this.#forget.run([mailbox, blob(row, 'key')])
    }
    const last = rows.length === max ? rows.at(-1) : undefined
    return { last: last === undefined ? undefined : blob(last, 'key') }
  }

  shrink({ pages, spare }: RetentionChanges['shrink']['input']): number {
    const number = (pragma: string) => Number(this.#database.pragma(pragma, { simple: true }))
    if (number('auto_vacuum') !== INCREMENTAL) return 0
    const excess = number('freelist_count') - spare
    if (excess <= 0) return 0
    // All of its rows have to be read: it gives back one page for each.
    this.#database.pragma(`incremental_vacuum(${Math.min(pages, excess)})`)
    return Math.max(0, excess - pages)
  }
}
