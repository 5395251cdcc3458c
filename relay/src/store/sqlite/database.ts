import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from '@signalapp/sqlcipher'
import { BusyError, StorageError, type SottoError } from '@sotto/protocol'
import { MIGRATIONS } from '../../migrations/index.js'
import { losesCommits } from './left-log.js'

/**
 * After so many pages, 16 MiB, what was written ahead moves into the database, and whoever commits
 * just then waits for it. With the default of 1,000 that was one message in a hundred.
 */
const WAL_PAGES = 4_000

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
  const lock = takeLock(folder)
  try {
    const path = join(folder, 'relay.db')
    if (restored !== true && losesCommits(`${path}-wal`)) throw damaged('its log is damaged')
    const database = openFile(path)
    return {
      database,
      close: () => {
        database.close()
        lock.close()
      },
    }
  } catch (cause) {
    lock.close()
    throw asStorageError(cause)
  }
}

/** What SQLite says when the fault is the disk's and not the statement's. */
export function isDiskFault(cause: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN|NOMEM|BUSY|PERM)/.test(codeOf(cause))
}

/** The disk did not do what it was asked; unlike one that is full, which says so beforehand. */
export function isIoFault(cause: unknown): boolean {
  return codeOf(cause).startsWith('SQLITE_IOERR')
}

/** A database that is gone with the process. Transactions are what they are on disk. */
export function openMemory(): Database {
  const database = new Database(':memory:', { cacheStatements: true })
  database.pragma('foreign_keys = OFF')
  migrate(database)
  return database
}

function openFile(path: string): Database {
  const database = new Database(path, { cacheStatements: true })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = OFF')
  database.pragma(`wal_autocheckpoint = ${WAL_PAGES}`)
  migrate(database)
  return database
}

function migrate(database: Database): void {
  const done = Number(database.pragma('user_version', { simple: true }))
  if (done > MIGRATIONS.length) {
    throw new StorageError('store/newer', 'a newer sotto-relay has written this data directory', {
      fix: 'Start the newer version, or another --data directory.',
    })
  }
  for (let version = done; version < MIGRATIONS.length; version++) {
    const statements = MIGRATIONS[version] ?? ''
    database.exec(`BEGIN; ${statements}; PRAGMA user_version = ${version + 1}; COMMIT;`)
  }
}

/** Node has no flock; SQLite has: the lock dies with the process that holds it. */
function takeLock(folder: string): Database {
  const ownerFile = join(folder, 'owner')
  let lock: Database | undefined
  try {
    lock = new Database(join(folder, 'lock.db'))
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    writeFileSync(ownerFile, `${process.pid}\n`, { mode: 0o600 })
    return lock
  } catch (cause) {
    lock?.close()
    if (!codeOf(cause).startsWith('SQLITE_BUSY')) throw asStorageError(cause)
    const owner = readOwner(ownerFile)
    throw new BusyError('account/busy', `another relay${owner} owns ${folder}`, {
      cause,
      fix: 'Stop it, or give this one another --data directory.',
    })
  }
}

function readOwner(file: string): string {
  try {
    return ` (process ${readFileSync(file, 'utf8').trim()})`
  } catch {
    return '' // Without the number the message still says what is wrong.
  }
}

function asStorageError(cause: unknown): SottoError {
  if (cause instanceof StorageError || cause instanceof BusyError) return cause
  const code = codeOf(cause)
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return new StorageError('store/full', 'the disk is full', { cause })
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return damaged('it cannot be read', cause)
  }
  return new StorageError('store/failed', `the data directory does not serve (${code})`, {
    cause,
    fix: 'Check that it exists, is writable and has room.',
  })
}

function damaged(how: string, cause?: unknown): StorageError {
  return new StorageError('store/damaged', `the database is damaged: ${how}`, {
    cause,
    fix: 'Restore relay.db from a backup, or go on with what can still be read. Either way start once with --restored: clients are told of the break.',
  })
}

function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return ''
  return String(cause.code)
}
