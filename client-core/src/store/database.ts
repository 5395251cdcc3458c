import { Database, type PragmaOptions, type PragmaResult } from '@signalapp/sqlcipher'
import {
  assert,
  ConfigError,
  hex,
  SottoError,
  StorageError,
  type SecretBytes,
} from '@sotto/protocol'
import { createFile, withFiles } from '../home/files.js'
import { isLogDamaged, losesLeftLog } from './left-log.js'
import { spine } from './migrations/0001-spine.js'
import { people } from './migrations/0002-people.js'
import { postponed } from './migrations/0003-postponed.js'
import { failures } from './migrations/0004-failures.js'
import { queuedLast } from './migrations/0005-queued-last.js'
import { drafts } from './migrations/0006-drafts.js'
import { settings } from './migrations/0007-settings.js'
import { timeline } from './migrations/0008-timeline.js'
import { notify } from './migrations/0009-notify.js'
import { readReceipts } from './migrations/0010-read-receipts.js'
import { permits } from './migrations/0011-permits.js'
import { invitesPublished } from './migrations/0012-invites-published.js'
import { forgotten } from './migrations/0013-forgotten.js'
import { typing } from './migrations/0014-typing.js'
import { changes } from './migrations/0015-changes.js'

/** In order; a database stands at the number of migrations it has had (PRAGMA user_version). */
const MIGRATIONS: readonly string[] = [
  ...[
    spine,
    people,
    postponed,
    failures,
    queuedLast,
    drafts,
    settings,
    timeline,
    notify,
    readReceipts,
    permits,
    invitesPublished,
    forgotten,
    typing,
    changes,
  ],
]

/**
 * Decrypted pages that are kept in memory. What is read and written all day long fits, and left to
 * itself the library fills 16 MiB within ten minutes of a busy screen.
 */
const CACHE_KIB = 4_096

/**
 * Opens or creates the encrypted database of one account. Every commit is an fsync: WAL with
 * `synchronous=FULL`, set on each open because a reopened WAL database falls back to NORMAL.
 * Throws `store/locked` for a wrong key, `store/newer` for the database of a newer sotto,
 * `store/damaged` before anything is written where commits in the log would be lost.
 * If we die in a migration, it has not happened.
 */
export function openDatabase(path: string, key: SecretBytes): Database {
  return guarded(() => {
    withFiles(() => createFile(path))
    const database = unlocked(path, key)
    try {
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.pragma(`cache_size = -${String(CACHE_KIB)}`)
      database.pragma('foreign_keys = ON')
      database.pragma('secure_delete = ON')
      database.initTokenizer() // Before anything that touches the search table.
      assert(
        database.pragma('synchronous', { simple: true }) === 2,
        'every commit reaches the disk',
      )
      migrate(database)
      return database
    } catch (thrown) {
      database.close()
      throw thrown
    }
  })
}

/**
 * A database that has been read, whose log is whole, and to which nothing was written. Where the disk
 * has no room for the index of the log it is kept in memory (https://sqlite.org/wal.html#noshm): nobody
 * else opens the database, for it is its owner's, and so what is stored can be read on a full disk.
 */
function unlocked(path: string, key: SecretBytes): Database {
  const database = open(path, key)
  try {
    unlock(database)
    if (losesLeftLog(path)) throw damagedLog(database)
    return database
  } catch (thrown) {
    if (lacksIndex(thrown) && isLogDamaged(path)) throw damagedLog(database)
    if (!untouched.has(database)) database.close()
    if (!lacksIndex(thrown)) throw thrown
  }
  const alone = open(path, key)
  try {
    alone.pragma('locking_mode = EXCLUSIVE') // It is heeded only before the first read.
    unlock(alone)
    return alone
  } catch (thrown) {
    alone.close()
    throw thrown
  }
}

function open(path: string, key: SecretBytes): Database {
  const database = new Database(path) // Statements are kept in `rows`, which can let them go.
  database.pragma('cipher_log_level = NONE')
  database.pragma(`key = "x'${hex(key.reveal())}'"`)
  return database
}

function lacksIndex(thrown: unknown): boolean {
  return thrown instanceof Error && codeOf(thrown) === 'SQLITE_IOERR_SHMSIZE'
}

/**
 * Databases that are never closed: it would move what can be read of the log into the database and
 * remove the log, before anybody has decided about the rest of it. The process ends without.
 */
const untouched = new Set<Database>()

function damagedLog(database: Database): StorageError {
  untouched.add(database)
  return new StorageError('store/damaged', 'the store is damaged: its log is, in the middle', {
    fix: 'Restore the account’s folder from a copy, or go on with what can be read: sotto doctor --fix',
  })
}

/** The same database in memory, unencrypted: it is gone with the process. */
export function openMemory(): MemoryDatabase {
  const database = new MemoryDatabase(':memory:', { cacheStatements: true })
  database.pragma('foreign_keys = ON')
  database.initTokenizer()
  migrate(database)
  return database
}

/**
 * Closing it leaves it as it is, for whoever opens it next. Everything since `mark` can be taken
 * back, what was committed too: transactions stand inside one that never ends.
 */
export class MemoryDatabase extends Database {
  readonly #begin = this.prepare('SAVEPOINT whole')
  readonly #commit = this.prepare('RELEASE whole')
  #marked = false

  override close(): void {
    // What a file does when its last descriptor goes: nothing.
  }

  mark(): void {
    assert(!this.#marked, 'a disk is marked once')
    this.#marked = true
    this.exec('BEGIN')
  }

  /** As it was when it was marked. */
  takeBack(): void {
    this.exec('ROLLBACK; BEGIN')
  }

  override transaction<Params extends [], Result>(
    work: (...params: Params) => Result,
  ): typeof work {
    return (...params) => {
      this.#begin.run()
      try {
        const result = work(...params)
        this.#commit.run()
        return result
      } catch (thrown) {
        this.exec('ROLLBACK TO whole; RELEASE whole')
        throw thrown
      }
    }
  }

  override pragma<Options extends PragmaOptions>(
    source: string,
    options: Options,
  ): PragmaResult<Options>
  override pragma(source: string): PragmaResult<object>
  /** How it is synced is of no matter, and cannot be said inside a transaction. */
  override pragma(source: string, options: PragmaOptions = {}): PragmaResult<PragmaOptions> {
    return source.startsWith('synchronous =') ? [] : super.pragma(source, options)
  }
}

function unlock(database: Database): void {
  try {
    database.pragma('user_version', { simple: true })
  } catch (cause) {
    if (!isNoDatabase(cause)) throw cause // The disk's fault, and not the key's.
    throw new StorageError('store/locked', 'the store does not open with this key', {
      cause,
      fix: 'The key and the store do not belong together, or the file is damaged. Restore both from one backup.',
    })
  }
}

/** What a page that does not authenticate under the key looks like to SQLite. */
function isNoDatabase(cause: unknown): boolean {
  return cause instanceof Error && /NOTADB|not a database/.test(`${codeOf(cause)} ${cause.message}`)
}

/** Up to the schema of this sotto, or to an earlier one. */
export function migrate(database: Database, to = MIGRATIONS.length): void {
  const version = Number(database.pragma('user_version', { simple: true }))
  if (version > MIGRATIONS.length) {
    throw new ConfigError('store/newer', 'the store was written by a newer sotto', {
      fix: 'Upgrade sotto.',
    })
  }
  for (const [index, migration] of MIGRATIONS.slice(0, to).entries()) {
    if (index < version) continue
    database.transaction(() => {
      database.exec(migration)
      database.exec(`PRAGMA user_version = ${String(index + 1)}`)
    })()
  }
}

/**
 * After a commit that failed: what it left in the write-ahead log is written over. Where only its
 * fsync failed it lies there whole, and the next process would find it and take it for committed,
 * though we said that it was not. On a disk that does not serve at all it stays a matter of chance.
 */
export function eraseFailedCommit(database: Database): void {
  try {
    database.pragma('synchronous = NORMAL') // It only has to be in the file, before the next one.
    const version = Number(database.pragma('user_version', { simple: true }))
    database.exec(`PRAGMA user_version = ${String(version)}`) // One page, and it changes nothing.
  } catch {
    // The fault that brought us here is told already.
  } finally {
    database.pragma('synchronous = FULL')
  }
}

/** Runs store work; whatever SQLite throws becomes a StorageError that says what to do. */
export function guarded<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (thrown) {
    const fault = beforeRollback(thrown)
    throw fault instanceof SottoError ? fault : storageError(fault)
  }
}

/**
 * On a full or failing disk SQLite rolls a transaction back by itself; the library then fails to do
 * it again ("cannot rollback") and keeps why it wanted to as the cause.
 */
function beforeRollback(thrown: unknown): unknown {
  const isRollback = thrown instanceof Error && /cannot rollback/.test(thrown.message)
  return isRollback && thrown.cause !== undefined ? thrown.cause : thrown
}

function storageError(cause: unknown): StorageError {
  const text = cause instanceof Error ? `${codeOf(cause)} ${cause.message}` : String(cause)
  if (/SQLITE_FULL|disk is full|ENOSPC/i.test(text)) {
    return new StorageError('store/full', 'the disk is full; nothing was changed', {
      cause,
      fix: 'Free some space and try again.',
    })
  }
  if (/SQLITE_(CORRUPT|NOTADB)|malformed|not a database/i.test(text)) {
    return new StorageError('store/damaged', 'the store is damaged', {
      cause,
      fix: 'Restore it from a backup.',
    })
  }
  return new StorageError(
    'store/failed',
    `the store could not be read or written: ${text.trim()}`,
    {
      cause,
      fix: 'Check the disk and the permissions of the home folder.',
    },
  )
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
