import type { AccountId } from '@sotto/protocol'
import { integer, text, textOrNull, type Row, type Statements } from '../rows.js'

/** The newest of so many are kept. */
const ENTRIES_MAX = 10_000

export type IdentityEvent = 'met' | 'changed' | 'trusted' | 'verified' | 'reset'

/** What happened to somebody's safety number. */
export interface IdentityEntry {
  readonly atMs: number
  readonly account: AccountId
  readonly event: IdentityEvent
  /** The account that has the username now, where it went from one to another. */
  readonly other: AccountId | null
}

export class IdentityLogReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  /** Oldest first; of one account, on either side. */
  entries(account?: AccountId): readonly IdentityEntry[] {
    const rows =
      account === undefined
        ? this.sql.all('SELECT * FROM identity_log ORDER BY row')
        : this.sql.all('SELECT * FROM identity_log WHERE account = ? OR other = ? ORDER BY row', [
            account,
            account,
          ])
    return rows.map(entryOf)
  }

  has({ account, event, other }: Omit<IdentityEntry, 'atMs'>): boolean {
    const row = this.sql.get(
      'SELECT 1 AS some FROM identity_log WHERE account = ? AND event = ? AND other IS ? LIMIT 1',
      [account, event, other],
    )
    return row !== undefined
  }
}

export class IdentityLogWriter extends IdentityLogReader {
  add({ atMs, account, event, other }: IdentityEntry): void {
    const row = this.sql.insert(
      'INSERT INTO identity_log (at_ms, account, event, other) VALUES (?, ?, ?, ?)',
      [atMs, account, event, other],
    )
    this.sql.run('DELETE FROM identity_log WHERE row <= ?', [row - ENTRIES_MAX])
  }
}

function entryOf(row: Row): IdentityEntry {
  return {
    atMs: integer(row, 'at_ms'),
    account: text(row, 'account') as AccountId,
    event: text(row, 'event') as IdentityEvent,
    other: textOrNull(row, 'other') as AccountId | null,
  }
}
