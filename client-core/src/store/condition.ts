import { statSync } from 'node:fs'
import type { Database } from '@signalapp/sqlcipher'
import { guarded } from './database.js'

/** How much of the disk a store takes, and how much of that is empty. */
export interface StoreSizes {
  readonly databaseBytes: number
  readonly walBytes: number
  readonly searchBytes: number
  readonly freeBytes: number
}

/** Empty space below both of these is not worth writing everything anew. */
const FREE_BYTES_MIN = 256 * 1024
const FREE_SHARE_MIN = 0.1
/** VACUUM keeps a whole copy in memory, since nothing temporary may reach the disk unencrypted. */
const VACUUM_BYTES_MAX = 512 * 1024 * 1024

/** The database as a file: how large it is, whether it is whole, and what makes it smaller. */
export class StoreCondition {
  readonly #database: Database
  #knownPath: string | undefined

  constructor(database: Database) {
    this.#database = database
  }

  sizes(): StoreSizes {
    return guarded(() => {
      const pageBytes = this.#number('page_size')
      return {
        databaseBytes: this.#number('page_count') * pageBytes,
        walBytes: this.walBytes(),
        searchBytes: this.#searchBytes(),
        freeBytes: this.#number('freelist_count') * pageBytes,
      }
    })
  }

  /** Of the write-ahead log as a file: what was committed since it was last emptied, or more. */
  walBytes(): number {
    return statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  }

  /** What is wrong with the file or with the search index; nothing where all is well. */
  faults(): { readonly file: readonly string[]; readonly search: boolean } {
    return guarded(() => ({
      file: [...this.#textsOf('quick_check', 'ok'), ...this.#textsOf('cipher_integrity_check')],
      search: !this.#searchIsWhole(),
    }))
  }

  /** Makes the search index anew from the messages. */
  rebuildSearch(): void {
    guarded(() =>
      this.#database.exec(`INSERT INTO message_search (message_search) VALUES ('rebuild')`),
    )
  }

  /** Moves what was committed into the database file and empties the write-ahead log. */
  checkpoint(): void {
    guarded(() => this.#database.pragma('wal_checkpoint(TRUNCATE)'))
  }

  /**
   * Puts the search index in order, gives empty space back where there is enough of it, and empties
   * the write-ahead log. If we die here, nothing is lost. Answers whether space was given back.
   */
  compact(): boolean {
    return guarded(() => {
      this.#database.exec(`INSERT INTO message_search (message_search) VALUES ('optimize')`)
      const { freeBytes, databaseBytes } = this.sizes()
      const isWorth = freeBytes >= FREE_BYTES_MIN && freeBytes >= databaseBytes * FREE_SHARE_MIN
      const vacuums = isWorth && databaseBytes <= VACUUM_BYTES_MAX
      if (vacuums) this.#database.exec('VACUUM')
      this.#database.pragma('wal_checkpoint(TRUNCATE)')
      return vacuums
    })
  }

  get #path(): string {
    if (this.#knownPath !== undefined) return this.#knownPath
    const [main] = this.#database.pragma('database_list') as unknown as readonly [{ file: string }]
    this.#knownPath = main.file
    return main.file
  }

  #number(pragma: string): number {
    return Number(this.#database.pragma(pragma, { simple: true }))
  }

  #searchBytes(): number {
    const row = this.#database
      .prepare('SELECT COALESCE(SUM(LENGTH(block)), 0) AS bytes FROM message_search_data')
      .get<{ bytes: number }>()
    return row?.bytes ?? 0
  }

  #textsOf(pragma: string, well?: string): readonly string[] {
    const rows = this.#database.pragma(pragma) as unknown as readonly Record<string, unknown>[]
    return rows.flatMap((row) => Object.values(row).map(String)).filter((text) => text !== well)
  }

  #searchIsWhole(): boolean {
    try {
      this.#database.exec(
        `INSERT INTO message_search (message_search, rank) VALUES ('integrity-check', 1)`,
      )
      return true
    } catch (error) {
      // SQLITE_CORRUPT_VTAB: the index, and not the messages.
      if (
        error instanceof Error &&
        /CORRUPT_VTAB|malformed/.test(`${codeOf(error)} ${error.message}`)
      )
        return false
      throw error
    }
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
