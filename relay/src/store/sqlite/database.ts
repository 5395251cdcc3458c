import { join } from 'node:path'
import Database, { type Statement, type StatementOptions } from '@signalapp/sqlcipher'
import { StorageError } from '@sotto/protocol'
import { MIGRATIONS } from '../../migrations/index.js'
import { asStorageError, damaged } from './faults.js'
import { lockFolder } from './folder-lock.js'
import { losesCommits } from './left-log.js'
import { finishReplacement } from './replace-database.js'

/**
 * After so many pages, 8 MiB, what was written ahead moves into the database, and whoever commits
 * just then waits for it: some 14 ms, and twice that with twice as many. With the default of 1,000
 * that was one message in a hundred.
 */
const WAL_PAGES = 2_000

/** What is known of a folder that is opened. */
export interface OpenSettings {
  /** Its owner knows that something may be missing: a new epoch begins. */
  readonly restored?: boolean | undefined
}

export interface OpenDatabase {
  readonly database: Database
  close(): void
}

/**
 * Opens `<folder>/relay.db` and owns it until close(). Every commit is on disk before it returns:
 * WAL with `synchronous=FULL`, which has to be said at every opening. Throws a BusyError naming the
 * folder when another relay owns it, a StorageError when the disk does not serve: `store/damaged`
 * before anything is touched where commits in the log would be lost, unless it is `restored`.
 */
export function openDatabase(folder: string, { restored }: OpenSettings = {}): OpenDatabase {
  const lock = lockFolder(folder)
  try {
    finishReplacement(folder)
    const path = join(folder, 'relay.db')
    if (restored !== true && losesCommits(`${path}-wal`)) throw damaged('its log is damaged')
    const database = openFile(path)
    return {
      database,
      close: () => {
        database.close()
        lock.release()
      },
    }
  } catch (cause) {
    lock.release()
    throw asStorageError(cause)
  }
}

type Kept = Statement<StatementOptions>

/**
 * Compiles each statement once and finds it by its text as it stands in the source. The library keeps
 * statements, too, but puts another text together to find one: three microseconds each time.
 */
class KeepingDatabase extends Database {
  readonly #rows = new Map<string, Kept>()
  readonly #columns = new Map<string, Kept>()

  override prepare<Options extends StatementOptions = StatementOptions>(
    query: string,
    options: Options,
  ): Statement<Options>
  override prepare(query: string): Statement
  override prepare(query: string, options: StatementOptions = {}): Kept {
    const kept = options.pluck === true ? this.#columns : this.#rows
    const known = kept.get(query)
    if (known !== undefined) return known
    const statement = super.prepare(query, { ...options, persistent: true })
    kept.set(query, statement)
    return statement
  }
}

/** A database that is gone with the process. Transactions are what they are on disk. */
export function openMemory(): Database {
  const database = new KeepingDatabase(':memory:')
  database.pragma('foreign_keys = OFF')
  migrate(database)
  return database
}

function openFile(path: string): Database {
  const database = new KeepingDatabase(path)
  database.pragma('auto_vacuum = INCREMENTAL') // Before there is anything in it, or it does nothing.
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = OFF')
  database.pragma(`wal_autocheckpoint = ${WAL_PAGES}`)
  migrate(database)
  return database
}

/** How many migrations a database has seen. Throws `store/newer` for one of a newer relay's. */
export function schemaVersion(database: Database): number {
  const done = Number(database.pragma('user_version', { simple: true }))
  if (done <= MIGRATIONS.length) return done
  throw new StorageError('store/newer', 'a newer sotto-relay has written this database', {
    fix: 'Use the newer version: it reads what older ones wrote. Or give another --data directory.',
  })
}

function migrate(database: Database): void {
  const done = schemaVersion(database)
  for (let version = done; version < MIGRATIONS.length; version++) {
    const statements = MIGRATIONS[version] ?? ''
    database.exec(`BEGIN; ${statements}; PRAGMA user_version = ${version + 1}; COMMIT;`)
  }
}
