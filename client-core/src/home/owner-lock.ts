import { Database } from '@signalapp/sqlcipher'
import { StorageError } from '@sotto/protocol'
import { createFile, isFull, withFiles } from './files.js'
import { ownerLockPath, type AccountFolder } from './home.js'
import {
  accountBusy,
  livingOwnerNote,
  removeOwnerNote,
  writeOwnerNote,
  type OwnerNote,
} from './owner-note.js'

/** This process owns the account until `release`, or until it dies in whatever way. */
export interface Owner {
  /** Tells whoever looks where this process answers. False where the disk has no room to say it. */
  announce(socket: string): boolean
  release(): void
}

export interface OwnerOptions {
  /** The verb alone, as in `receive`: arguments name people. */
  readonly command: string
  readonly pid: number
  readonly sinceMs?: number
}

/** A note that names no living process is looked at once more after this long. */
const NOTE_MS_MAX = 200

/**
 * Makes this process the one owner of an account. Throws `account/busy` at once where another
 * process is, naming it.
 *
 * The lock is an exclusive transaction on owner.db, which stays empty: SQLite's lock is the
 * kernel's and goes with the process, SIGKILL included. (Not in WAL mode, where EXCLUSIVE would let
 * readers in; the journal in memory, for there is nothing to roll back.) It needs no room on the
 * disk, and so reading an account does not; who owns it is then not told.
 *
 * Nothing else may open owner.db: POSIX drops a process's locks on a file when it closes *any* of
 * its descriptors for it.
 */
export function acquireOwner(folder: AccountFolder, options: OwnerOptions): Owner {
  withFiles(() => createFile(ownerLockPath(folder)))
  const database = openLockFile(folder)
  const note: OwnerNote = {
    pid: options.pid,
    command: options.command,
    since: new Date(options.sinceMs ?? Date.now()).toISOString(),
  }
  try {
    if (!tryLock(database, 0)) {
      const other = livingOwnerNote(folder)
      if (other !== undefined) throw accountBusy(other)
      // The owner has just come and not yet said who it is, or just gone, or two came at once.
      if (!tryLock(database, NOTE_MS_MAX)) throw accountBusy(livingOwnerNote(folder))
    }
    tryNote(folder, note)
  } catch (error) {
    database.close()
    throw error
  }
  return {
    announce: (socket) => tryNote(folder, { ...note, socket }),
    release: () => {
      removeOwnerNote(folder)
      database.close()
    },
  }
}

/** False on a full disk. What another process said of itself is taken away then. */
function tryNote(folder: AccountFolder, note: OwnerNote): boolean {
  try {
    writeOwnerNote(folder, note)
    return true
  } catch (thrown) {
    if (!isFull(thrown)) throw thrown
    removeOwnerNote(folder)
    return false
  }
}

function openLockFile(folder: AccountFolder): Database {
  try {
    return new Database(ownerLockPath(folder))
  } catch (cause) {
    throw cannotLock(cause)
  }
}

/** Whether the lock is ours now; waits at most `waitMs` for it. */
function tryLock(database: Database, waitMs: number): boolean {
  try {
    database.pragma(`busy_timeout = ${waitMs}`)
    database.pragma('journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
    return true
  } catch (cause) {
    if (isBusy(cause)) return false
    throw cannotLock(cause)
  }
}

function cannotLock(cause: unknown): StorageError {
  return new StorageError('store/failed', 'the account cannot be locked on this disk', {
    cause,
    fix: 'Keep the home folder on a local disk that you may write to.',
  })
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
}
