import { chmodSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SottoError } from '@sotto/protocol'
import type { ExamineHome } from '../client.js'
import { socketPlaces } from '../daemon/socket-places.js'
import type { CheckObject } from '../check-objects.js'
import { FILE_MODE, FOLDER_MODE, withFiles } from './files.js'
import {
  homeWarnings,
  listAccountFolders,
  listUnfinishedFolders,
  ownerNotePath,
  removeAccountFolder,
  storePath,
  type AccountFolder,
} from './home.js'
import { removeStaged, stagedKeys } from './move-key.js'
import { dropDamagedLog, isLogDamaged } from '../store/left-log.js'
import { acquireOwner } from './owner-lock.js'
import { livingOwnerNote } from './owner-note.js'

type ExamineOptions = Parameters<ExamineHome>[0]

const OTHERS = 0o077

/**
 * What is wrong with the folders and files of a home, without opening an account. Only what nobody
 * owns just now is repaired.
 */
export function examineHome(options: ExamineOptions): readonly CheckObject[] {
  if (!existsSync(options.home.dataDir)) return [well('home', 'nothing is there yet')]
  return [permissions(options), leftovers(options), owners(options), logs(options)]
}

function permissions({ home, fix }: ExamineOptions): CheckObject {
  const exposed = [...listAccountFolders(home), ...listUnfinishedFolders(home)].flatMap(exposedIn)
  if (fix) {
    for (const { path, mode } of exposed) withFiles(() => chmodSync(path, mode))
    if (process.getuid?.() === statSync(home.dataDir).uid) {
      withFiles(() => chmodSync(home.dataDir, statSync(home.dataDir).mode & 0o7755))
    }
  }
  const open = fix ? 0 : exposed.length
  const [warning] = homeWarnings(home)
  if (warning === undefined && open === 0)
    return well('permissions', `${home.dataDir} is yours alone`)
  const what = `other users may read ${String(open)} files or folders of accounts`
  return {
    name: 'permissions',
    status: 'warning',
    message: warning?.replace(/^warning: /, '') ?? what,
    fix: FIX,
  }
}

function exposedIn(folder: AccountFolder) {
  const files = withFiles(() => readdirSync(folder.path)).map((name) => join(folder.path, name))
  return [
    { path: folder.path, mode: FOLDER_MODE },
    ...files.map((path) => ({ path, mode: FILE_MODE })),
  ].filter(({ path }) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat !== undefined && (stat.mode & OTHERS) !== 0
  })
}

/** What a crash left: keys between two places, accounts that were hardly begun. */
function leftovers({ home, fix }: ExamineOptions): CheckObject {
  const keys = listAccountFolders(home).filter((folder) => stagedKeys(folder).length > 0)
  const unfinished = listUnfinishedFolders(home)
  const hardlyBegun = unfinished.filter((folder) => !existsSync(storePath(folder)))
  const left = [
    ...keys.filter((folder) => !(fix && whileOwned(folder, () => removeStaged(folder)))),
    ...hardlyBegun.filter(
      (folder) => !(fix && whileOwned(folder, () => removeAccountFolder(folder))),
    ),
  ]
  if (left.length > 0) {
    const message = `${String(left.length)} folders hold what an interrupted command left`
    return { name: 'leftovers', status: 'warning', message, fix: FIX }
  }
  if (unfinished.length === hardlyBegun.length)
    return well('leftovers', 'nothing is left of crashes')
  return {
    name: 'leftovers',
    status: 'warning',
    message: 'an account was not finished',
    fix: 'Run the same sotto account create again: it goes on where it stopped.',
  }
}

/** Logs that are damaged in the middle: the account does not open until that is decided. */
function logs({ home, fix }: ExamineOptions): CheckObject {
  const damaged = listAccountFolders(home).filter(
    (folder) => livingOwnerNote(folder) === undefined && isLogDamaged(storePath(folder)),
  )
  const given = damaged.filter(
    (folder) => fix && whileOwned(folder, () => dropDamagedLog(storePath(folder))),
  )
  if (damaged.length === 0) return well('log', 'nothing is lost of what was stored last')
  const of = `${String(damaged.length)} accounts: what was stored last`
  if (given.length === damaged.length) {
    const message = `${of} is given up, as it was damaged; they open again`
    return { name: 'log', status: 'warning', message, fix: null }
  }
  return {
    name: 'log',
    status: 'error',
    message: `${of} is damaged`,
    fix: `Restore the account’s folder from a copy, or go on without it: ${FIX}`,
  }
}

/** Notes and sockets of owners that are dead. They mislead nobody: the lock decides. */
function owners({ home, fix, runtimeDir }: ExamineOptions): CheckObject {
  const folders = listAccountFolders(home)
  const owned = folders.filter((folder) => livingOwnerNote(folder) !== undefined)
  const remains = (folder: AccountFolder): readonly string[] =>
    [ownerNotePath(folder), ...socketPlaces(home, folder, { runtimeDir })].filter((path) =>
      existsSync(path),
    )
  const clear = (folder: AccountFolder) => (): void => {
    for (const path of remains(folder)) rmSync(path, { force: true })
  }
  const stale = folders.filter(
    (folder) =>
      !owned.includes(folder) &&
      remains(folder).length > 0 &&
      !(fix && whileOwned(folder, clear(folder))),
  )
  if (stale.length > 0) {
    const message = `${String(stale.length)} accounts have a note or a socket of a dead process`
    return { name: 'owner', status: 'warning', message, fix: FIX }
  }
  return well(
    'owner',
    `${String(owned.length)} of ${String(folders.length)} accounts are owned now`,
  )
}

/** False where another process owns it: then nothing is done. */
function whileOwned(folder: AccountFolder, work: () => void): boolean {
  try {
    const owner = acquireOwner(folder, { command: 'doctor', pid: process.pid })
    try {
      work()
    } finally {
      if (existsSync(folder.path)) owner.release()
    }
    return true
  } catch (thrown) {
    if (thrown instanceof SottoError) return false
    throw thrown
  }
}

const FIX = 'sotto doctor --fix'

function well(name: string, message: string): CheckObject {
  return { name, status: 'ok', message, fix: null }
}
