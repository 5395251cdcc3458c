import { closeSync, openSync, rmSync } from 'node:fs'
import { Database } from '@signalapp/sqlcipher'
import { BusyError, fromUtf8, StorageError, utf8 } from '@sotto/protocol'
import { errorCode, FILE_MODE, readFileIfAny, replaceFile, withFiles } from './files.js'
import { ownerLockPath, ownerNotePath, type AccountFolder } from './home.js'

/** This process owns the account until `release`, or until it dies in whatever way. */
export interface Owner {
  release(): void
}

export interface OwnerOptions {
  /** The verb alone, as in `receive`: arguments name people. */
  readonly command: string
  readonly pid: number
  readonly sinceMs?: number
}

/** What owner.json says of the process that holds the lock. */
interface OwnerNote {
  readonly pid: number
  readonly command: string
  readonly since: string
}

/** A note that names no living process is looked at once more after this long. */
const NOTE_MS_MAX = 200

/**
 * Makes this process the one owner of an account. Throws `account/busy` at once where another
 * process is, naming it.
 *
 * The lock is an exclusive transaction on owner.db, which stays empty: SQLite's lock is the
 * kernel's and goes with the process, SIGKILL included. (Not in WAL mode, where EXCLUSIVE would let
 * readers in; the journal in memory, for there is nothing to roll back.)
 * owner.json only explains; it is written after the lock is held and never believed without it.
 *
 * Nothing else may open owner.db: POSIX drops a process's locks on a file when it closes *any* of
 * its descriptors for it.
 */
export function acquireOwner(folder: AccountFolder, options: OwnerOptions): Owner {
  withFiles(() => createLockFile(folder))
  const database = openLockFile(folder)
  try {
    if (!tryLock(database, 0)) {
      const note = readNote(folder)
      if (note !== undefined && isAlive(note.pid)) throw busy(note)
      // The owner has just come and not yet said who it is, or just gone, or two came at once.
      if (!tryLock(database, NOTE_MS_MAX)) throw busy(livingNote(folder))
    }
    withFiles(() => writeNote(folder, options))
  } catch (error) {
    database.close()
    throw error
  }
  return {
    release: () => {
      withFiles(() => rmSync(ownerNotePath(folder), { force: true }))
      database.close()
    },
  }
}

/** SQLite would make it readable by others. Only ever opened here when it did not exist. */
function createLockFile(folder: AccountFolder): void {
  try {
    closeSync(openSync(ownerLockPath(folder), 'wx', FILE_MODE))
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
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

function writeNote(folder: AccountFolder, options: OwnerOptions): void {
  const note: OwnerNote = {
    pid: options.pid,
    command: options.command,
    since: new Date(options.sinceMs ?? Date.now()).toISOString(),
  }
  // Not through to the disk: after a power cut its process is gone, and half a note is none.
  replaceFile(ownerNotePath(folder), utf8(`${JSON.stringify(note)}\n`), { durable: false })
}

function livingNote(folder: AccountFolder): OwnerNote | undefined {
  const note = readNote(folder)
  return note !== undefined && isAlive(note.pid) ? note : undefined
}

/** Undefined where there is none, or none that this version wrote. */
function readNote(folder: AccountFolder): OwnerNote | undefined {
  const bytes = withFiles(() => readFileIfAny(ownerNotePath(folder)))
  if (bytes === undefined) return undefined
  try {
    const note = JSON.parse(fromUtf8(bytes)) as Partial<Record<keyof OwnerNote, unknown>>
    const { pid, command, since } = note
    if (typeof pid !== 'number' || !Number.isInteger(pid) || pid < 1) return undefined
    if (typeof command !== 'string' || typeof since !== 'string') return undefined
    return { pid, command, since }
  } catch {
    return undefined // It only explains: whatever is wrong with it, the lock decides.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

function busy(note: OwnerNote | undefined): BusyError {
  if (note === undefined) {
    return new BusyError('account/busy', 'another sotto process owns this account', {
      fix: 'Wait until it ends, or stop it.',
    })
  }
  const { pid, command, since } = note
  return new BusyError(
    'account/busy',
    `sotto ${command} (process ${pid}, since ${since}) owns this account`,
    { fix: `Wait until it ends, or stop it: kill ${pid}` },
  )
}
