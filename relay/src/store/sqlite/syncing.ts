import type Database from '@signalapp/sqlcipher'

/**
 * How far a commit goes before it returns: to the disk (`synchronous=FULL`), or to the operating
 * system (NORMAL, without an fsync), which the death of the process does not undo and a power cut
 * may. What was committed so is on disk with the next commit that goes there, before it, or not at
 * all: the log written ahead is one sequence. Change it between transactions only.
 */
export class Syncing {
  readonly #database: Database
  #mode: 'FULL' | 'NORMAL' | undefined

  constructor(database: Database) {
    this.#database = database
    this.toDisk()
  }

  toDisk(): void {
    this.#become('FULL')
  }

  toSystem(): void {
    this.#become('NORMAL')
  }

  #become(mode: 'FULL' | 'NORMAL'): void {
    if (this.#mode === mode) return
    // Not a statement that is kept: SQLite does this when it compiles it, and running it is nothing.
    this.#database.exec(`PRAGMA synchronous = ${mode}`)
    this.#mode = mode
  }
}
