import type Database from '@signalapp/sqlcipher'
import type { Store } from '../port.js'
import { openMemory } from './database.js'
import type { Row } from './rows.js'
import { SqliteStore } from './sqlite-store.js'

/** Every row of every table, as it was. */
export type Backup = ReadonlyMap<string, readonly Row[]>

/**
 * A database in memory that outlives the stores opened on it, as a disk outlives processes: what is
 * committed is there for the next. For relays that die and come back in one process.
 */
export class MemoryDisk {
  readonly #database: Database = openMemory()

  /** Closing the store leaves the database as it is. Open one at a time. */
  openStore(): Store {
    return new SqliteStore({ database: this.#database, close: () => undefined })
  }

  backUp(): Backup {
    const tables = this.#tables().map((table): [string, readonly Row[]] => [
      table,
      this.#database.prepare(`SELECT * FROM ${table}`).all<Row>(),
    ])
    return new Map(tables)
  }

  /** How many rows a table has: `backUp` reads them all. */
  count(table: 'envelope'): number {
    const counted = this.#database.prepare(`SELECT count(*) FROM ${table}`, { pluck: true })
    return counted.get<number>() ?? 0
  }

  /** As if everything since the backup had never been. No store may be open. */
  restore(backup: Backup): void {
    this.#database.transaction(() => {
      for (const table of this.#tables()) {
        this.#database.exec(`DELETE FROM ${table}`)
        for (const row of backup.get(table) ?? []) this.#insert(table, row)
      }
    })()
  }

  #tables(): readonly string[] {
    return this.#database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
        { pluck: true },
      )
      .all<string>()
  }

  #insert(table: string, row: Row): void {
    const columns = Object.keys(row)
    const places = columns.map(() => '?').join(', ')
    this.#database
      .prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`)
      .run(columns.map((column) => row[column] ?? null))
  }
}
