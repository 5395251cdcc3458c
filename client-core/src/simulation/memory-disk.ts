import type { Clock } from '../ports.js'
import { openMemory } from '../store/database.js'
import { Store } from '../store/store.js'

/**
 * A database in memory that outlives the stores opened on it, as a disk outlives processes: what is
 * committed is there for the next.
 */
export class MemoryDisk {
  readonly #database = openMemory()

  /**
   * Closing the store leaves the database as it is. `beforeCommit` stands before each commit of this
   * store: where it throws, nothing of the transaction is there.
   */
  openStore(clock: Clock, beforeCommit: () => void): Store {
    return new Store(this.#database, clock, beforeCommit)
  }

  /** What is on it now is what `takeBack` comes back to. Once; no transaction may be open. */
  mark(): void {
    this.#database.mark()
  }

  /** As if everything since the mark had never been. No store may be open. */
  takeBack(): void {
    this.#database.takeBack()
  }
}
