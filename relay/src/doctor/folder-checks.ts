import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from '@signalapp/sqlcipher'
import { BusyError, SottoError } from '@sotto/protocol'
import { askRelay } from '../admin/ask-relay.js'
import { readKeys, type RelayKeys } from '../keys.js'
import { MIGRATIONS } from '../migrations/index.js'
import { schemaVersion } from '../store/sqlite/database.js'
import { asStorageError, damaged } from '../store/sqlite/faults.js'
import { lockFolder, type FolderLock } from '../store/sqlite/folder-lock.js'
import { losesCommits } from '../store/sqlite/left-log.js'
import { someAccount } from '../store/sqlite/some-account.js'
import { isOfRelay } from '../accounts/relay-of-account.js'
import { verdictsOf, type Check } from './check.js'

const RESTORE = 'Restore a backup: sotto-relay admin restore FILE.'

/**
 * What is said of a data folder, of a relay that runs or of none. What a relay left in its log moves
 * into its database, as at any opening.
 */
export async function folderChecks(folder: string): Promise<readonly Check[]> {
  const { well, fail } = verdictsOf('folder')
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat === undefined) return [well(`${folder} is not there yet; the first start makes it`)]
  if (!stat.isDirectory()) return [fail(`${folder} is no folder`, 'Give another --data.')]
  const keys = keyChecks(folder)
  return [permissions(folder), ...keys.checks, ...database(folder, keys.found), await relay(folder)]
}

function permissions(folder: string): Check {
  const { well, warn, fail } = verdictsOf('folder')
  const others = ['', 'keys', 'keys/relay.json', 'relay.db', 'admin.sock']
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
  const uid = process.getuid?.()
  const foreign = others.find((path) => uid !== 0 && statSync(path).uid !== uid)
  if (foreign !== undefined)
    return fail(`${foreign} belongs to another user`, 'Run this, and the relay, as its owner.')
  const open = others.find((path) => (statSync(path).mode & 0o077) !== 0)
  if (open === undefined) return well(`${folder} is for its user only`)
  return warn(`others may look into ${open}`, `chmod go= ${open}`)
}

function keyChecks(folder: string): { checks: readonly Check[]; found: RelayKeys | undefined } {
  const { well, fail } = verdictsOf('keys')
  const isNew =
    !existsSync(join(folder, 'keys', 'relay.json')) && !existsSync(join(folder, 'relay.db'))
  if (isNew)
    return { checks: [well('there are none yet; the first start makes them')], found: undefined }
  try {
    return { checks: [well('the root key is there')], found: readKeys(folder) }
  } catch (thrown) {
    return { checks: [asFailure(thrown, fail)], found: undefined }
  }
}

function database(folder: string, keys: RelayKeys | undefined): readonly Check[] {
  const { well, warn, fail } = verdictsOf('database')
  const path = join(folder, 'relay.db')
  if (!existsSync(path)) return [well('there is none yet; the first start makes it')]
  let lock: FolderLock | undefined
  let opened: Database | undefined
  try {
    lock = lockIfUnowned(folder)
    // Before SQLite opens it, which would drop what is behind a damage.
    if (lock !== undefined && losesCommits(`${path}-wal`)) throw damaged('its log is damaged')
    opened = new Database(path)
    const isWhole = opened.pragma('integrity_check(1)', { simple: true }) === 'ok'
    if (!isWhole) return [fail('the database is damaged', RESTORE)]
    const version = schemaVersion(opened)
    const account = keys === undefined ? undefined : someAccount(opened)
    const isOurs = keys === undefined || account === undefined || isOfRelay(account, keys.rootKey)
    if (!isOurs) {
      return [
        fail('the keys are of another relay than the database', 'Put back the right keys folder.'),
      ]
    }
    if (version === MIGRATIONS.length) return [well(`whole, schema ${version}`)]
    return [
      warn(`whole, schema ${version} of ${MIGRATIONS.length}`, 'The next start brings it forward.'),
    ]
  } catch (thrown) {
    return [asFailure(asStorageError(thrown), fail)]
  } finally {
    opened?.close()
    lock?.release()
  }
}

function lockIfUnowned(folder: string): FolderLock | undefined {
  try {
    return lockFolder(folder)
  } catch (thrown) {
    if (thrown instanceof BusyError) return undefined // A relay runs: it has looked itself.
    throw thrown
  }
}

async function relay(folder: string): Promise<Check> {
  const { well, fail } = verdictsOf('relay')
  try {
    const { answer, leave } = await askRelay(folder, { ask: 'stats' })
    leave()
    return well(`runs at ${String(answer['url'])}, ${String(answer['sockets'])} sockets`)
  } catch (thrown) {
    if (thrown instanceof SottoError && thrown.code === 'admin/no-relay') {
      return well('none runs on this folder')
    }
    return asFailure(thrown, fail)
  }
}

function asFailure(thrown: unknown, fail: (message: string, fix: string) => Check): Check {
  if (!(thrown instanceof SottoError)) throw thrown
  return fail(thrown.message, thrown.fix)
}
