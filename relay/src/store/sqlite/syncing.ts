import type Database from '@signalapp/sqlcipher'
import { StorageError } from '@sotto/protocol'

/** So many commits in a row may be in the log without an fsync behind them: see left-log.ts. */
export const COMMITS_UNSYNCED_MAX = 4

/**
 * How far a commit goes before it returns: to the disk (`synchronous=FULL`), or to the operating
 * system (NORMAL, without an fsync), which the death of the process does not undo and a power cut
 * may. What was committed so is on disk with the next commit that goes there, before it, or not at
 * all: the log written ahead is one sequence. Change it between transactions only.
 */
export class Syncing {
  readonly #database: Database
  #mode: 'FULL' | 'NORMAL' | undefined
  /** Since the last that was synced; at the beginning nobody knows what an earlier process left. */
  #unsynced = COMMITS_UNSYNCED_MAX
  #isDoubtful = false

  constructor(database: Database) {
    this.#database = database
    this.toDisk()
  }

  toDisk(): void {
    this.#become('FULL')
  }

  /** To the disk all the same where too many have not been. */
  toSystem(): void {
    this.#become(this.#unsynced < COMMITS_UNSYNCED_MAX ? 'NORMAL' : 'FULL')
  }

  /** The commit that this was for has succeeded. */
  committed(): void {
    this.#unsynced = this.#mode === 'FULL' ? 0 : this.#unsynced + 1
  }

  /**
   * The disk has failed, perhaps at an fsync: what it did not write then the system takes for written,
   * and no later fsync brings it. Where that may be commits on which the next would be built, the
   * database is to have them first: call `secure` before each transaction.
   */
  failed(): void {
    this.#isDoubtful ||= this.#unsynced > 0
  }

  /**
   * Moves the log into the database and begins it anew, where it is doubtful. Throws disk faults,
   * and as long as somebody else reads from the log, as a backup does: it stays doubtful then.
   */
  secure(): void {
    if (!this.#isDoubtful) return
    const [done] = this.#database.pragma('wal_checkpoint(TRUNCATE)')
    if (done?.['busy'] !== 0) {
      throw new StorageError('store/failed', 'the log cannot be begun anew while it is read')
    }
    this.#isDoubtful = false
    this.#unsynced = 0
  }

  #become(mode: 'FULL' | 'NORMAL'): void {
    if (this.#mode === mode) return
    // Not a statement that is kept: SQLite does this when it compiles it, and running it is nothing.
    this.#database.exec(`PRAGMA synchronous = ${mode}`)
    this.#mode = mode
  }
}
