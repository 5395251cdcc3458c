import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from '@signalapp/sqlcipher'
import { BusyError } from '@sotto/protocol'
import { asStorageError, isBusy } from './faults.js'

/** One process at a time owns a data folder. The lock dies with the process that holds it. */
export interface FolderLock {
  release(): void
}

/**
 * Takes the folder; Node has no flock, SQLite has. Throws a BusyError that names the owner where
 * there is one, a StorageError where the folder does not serve.
 */
export function lockFolder(folder: string): FolderLock {
  const ownerFile = join(folder, 'owner')
  let lock: Database | undefined
  try {
    lock = new Database(join(folder, 'lock.db'))
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    writeFileSync(ownerFile, `${process.pid}\n`, { mode: 0o600 })
    const taken = lock
    return { release: () => taken.close() }
  } catch (cause) {
    lock?.close()
    if (!isBusy(cause)) throw asStorageError(cause)
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
