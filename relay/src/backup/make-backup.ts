import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import Database from '@signalapp/sqlcipher'
import { BusyError, InputError, StorageError } from '@sotto/protocol'
import { FILE_MODE, moveWhole, removeIfAny, syncToDisk } from '../disk.js'
import { readKeys, readKeyText } from '../keys.js'
import { schemaVersion } from '../store/sqlite/database.js'
import { asStorageError, damaged } from '../store/sqlite/faults.js'
import { lockFolder, type FolderLock } from '../store/sqlite/folder-lock.js'
import { losesCommits } from '../store/sqlite/left-log.js'
import { finishReplacement } from '../store/sqlite/replace-database.js'
import { whileFlushing } from './flushing.js'
import { writeLabel } from './format.js'

export interface BackupOptions {
  /** The data folder, of a relay that runs or of none. */
  readonly folder: string
  /** Where the backup goes; there must be nothing yet. */
  readonly file: string
  /** Whether the keys go into it as well. */
  readonly withKeys: boolean
  readonly nowMs: number
}

export interface BackupMade {
  readonly file: string
  readonly bytes: number
  readonly madeMs: number
}

/**
 * Writes a backup, readable by its user only: what was committed at one moment, and nothing of what
 * came after. A relay that runs goes on meanwhile, for this is a connection of a process of its own
 * that takes no lock anybody waits for. If we die, `file` is not there; what there is has the ending
 * `.partial` and goes with the next backup of that name. Throws `file/exists`, `file/unknown` where
 * its folder is not there, and StorageErrors of the folder's and of the file's disk.
 */
export function makeBackup({ folder, file, withKeys, nowMs }: BackupOptions): BackupMade {
  const path = resolve(file)
  if (existsSync(path)) {
    throw new InputError('file/exists', `${path} is there already`, { fix: 'Choose another name.' })
  }
  if (!existsSync(dirname(path))) {
    throw new InputError('file/unknown', `there is no folder for ${path}`, {
      fix: 'Make it first, or choose another: --out FILE.',
    })
  }
  if (!existsSync(join(folder, 'relay.db'))) throw noDatabase(folder)
  const { rootKey } = readKeys(folder)
  const keys = withKeys ? readKeyText(folder) : undefined
  const partial = `${path}.partial`
  const lock = lockIfUnowned(folder)
  try {
    for (const ending of ['', '-journal']) removeIfAny(partial + ending)
    closeSync(openSync(partial, 'wx', FILE_MODE)) // SQLite would make it for others to read.
    whileFlushing(partial, () => copyDatabase(folder, partial))
    const copy = new Database(partial)
    writeLabel(copy, { madeMs: nowMs, rootKey, keys })
    copy.close()
    syncToDisk(partial)
    moveWhole(partial, path)
    return { file: path, bytes: statSync(path).size, madeMs: nowMs }
  } catch (cause) {
    throw asStorageError(cause)
  } finally {
    lock?.release()
  }
}

/** Where no relay runs, none may begin meanwhile: it would not see what we hold open. */
function lockIfUnowned(folder: string): FolderLock | undefined {
  let lock: FolderLock
  try {
    lock = lockFolder(folder)
  } catch (thrown) {
    if (thrown instanceof BusyError) return undefined // It runs, and has looked after its log itself.
    throw thrown
  }
  finishReplacement(folder)
  // SQLite would drop what is behind the damage as soon as anybody opens the database.
  if (!losesCommits(join(folder, 'relay.db-wal'))) return lock
  lock.release()
  throw damaged('its log is damaged')
}

function copyDatabase(folder: string, into: string): void {
  const database = new Database(join(folder, 'relay.db'))
  try {
    schemaVersion(database)
    database.prepare('VACUUM INTO ?').run([into])
    // What was written meanwhile could not move into the database. Better we wait for that than the
    // relay's next commit; it stops at whatever the relay itself is doing.
    database.pragma('wal_checkpoint(PASSIVE)')
  } finally {
    database.close()
  }
}

function noDatabase(folder: string): StorageError {
  return new StorageError('store/failed', `${folder} holds no relay`, {
    fix: 'Name the data folder of a relay: --data DIR.',
  })
}
