import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fromUtf8, utf8 } from '@sotto/protocol'
import type { Home } from '../client.js'
import {
  FOLDER_MODE,
  randomLetters,
  readFileIfAny,
  replaceFile,
  syncFolder,
  withFiles,
} from './files.js'

/**
 * Where accounts live:
 *
 *     <dataDir>/default                    the default account's folder name
 *     <dataDir>/crashes/                   where the screen broke, the newest five; without content
 *     <dataDir>/run/                       sockets of owners, where the system has no place for them
 *     <dataDir>/accounts/<8 characters>/   one account; the name is random
 *       store.db    everything, encrypted       owner.db    locked by the process that owns it
 *       key         the store's key, where no   owner.json  which process that is
 *                   keyring has it              label       whose account it is, encrypted
 *
 * No name and no unencrypted file tells a username, an account id or a relay. Folders are 0700,
 * files 0600.
 */
export interface AccountFolder {
  /** 8 characters of base32; random. */
  readonly name: string
  readonly path: string
}

const ACCOUNTS = 'accounts'
const DEFAULT = 'default'
const FOLDER_NAME = /^[a-z2-7]{8}$/

export function storePath(folder: AccountFolder): string {
  return join(folder.path, 'store.db')
}

export function ownerLockPath(folder: AccountFolder): string {
  return join(folder.path, 'owner.db')
}

export function ownerNotePath(folder: AccountFolder): string {
  return join(folder.path, 'owner.json')
}

export function keyPath(folder: AccountFolder): string {
  return join(folder.path, 'key')
}

export function labelPath(folder: AccountFolder): string {
  return join(folder.path, 'label')
}

/**
 * A new, empty folder. It counts as an account only once it has a label, which is therefore
 * written last; if we die before, `listUnfinishedFolders` finds it.
 */
export function createAccountFolder(home: Home): AccountFolder {
  return withFiles(() => {
    const accounts = join(home.dataDir, ACCOUNTS)
    mkdirSync(accounts, { recursive: true, mode: FOLDER_MODE })
    const name = randomLetters(8)
    const folder = { name, path: join(accounts, name) }
    mkdirSync(folder.path, { mode: FOLDER_MODE })
    chmodSync(folder.path, FOLDER_MODE) // An odd umask may have taken away our own rights.
    syncFolder(accounts)
    return folder
  })
}

/** The accounts here, in no meaningful order. Empty where there is no home yet. */
export function listAccountFolders(home: Home): readonly AccountFolder[] {
  return allFolders(home).filter((folder) => existsSync(labelPath(folder)))
}

/**
 * Folders of accounts that were begun and never finished. One may belong to a process that is
 * creating it now: take its owner lock before removing it.
 */
export function listUnfinishedFolders(home: Home): readonly AccountFolder[] {
  return allFolders(home).filter((folder) => !existsSync(labelPath(folder)))
}

/**
 * Removes an account's files for good; its key in the keyring is the vault's to forget, before. The
 * label goes first, so that if we die half way, what is left is an unfinished folder.
 */
export function removeAccountFolder(folder: AccountFolder): void {
  withFiles(() => {
    rmSync(labelPath(folder), { force: true })
    if (existsSync(folder.path)) syncFolder(folder.path)
    rmSync(folder.path, { recursive: true, force: true })
  })
}

/** The folder that was made the default; undefined where none was, or it is gone. */
export function defaultFolder(home: Home): AccountFolder | undefined {
  const bytes = withFiles(() => readFileIfAny(join(home.dataDir, DEFAULT)))
  if (bytes === undefined) return undefined
  const name = fromUtf8(bytes).trim()
  return listAccountFolders(home).find((folder) => folder.name === name)
}

/** No account is the default any more, where this one was. */
export function forgetDefault(home: Home, folder: AccountFolder): void {
  withFiles(() => {
    const bytes = readFileIfAny(join(home.dataDir, DEFAULT))
    if (bytes !== undefined && fromUtf8(bytes).trim() === folder.name)
      rmSync(join(home.dataDir, DEFAULT), { force: true })
  })
}

export function setDefaultFolder(home: Home, folder: AccountFolder): void {
  withFiles(() => replaceFile(join(home.dataDir, DEFAULT), utf8(`${folder.name}\n`)))
}

/** The default account: the one that was made so, else the only one there is. */
export function defaultAccount(home: Home): AccountFolder | undefined {
  const folders = listAccountFolders(home)
  return defaultFolder(home) ?? (folders.length === 1 ? folders[0] : undefined)
}

/**
 * What is wrong with the home's permissions, one line each, for stderr. A warning and no refusal:
 * the store is encrypted, and people do put homes on file systems that know no owners.
 */
export function homeWarnings(home: Home): readonly string[] {
  const stat = withFiles(() => statSync(home.dataDir, { throwIfNoEntry: false }))
  if (stat === undefined || process.getuid === undefined) return []
  const warnings: string[] = []
  if (stat.uid !== process.getuid()) {
    warnings.push(`warning: another user owns ${home.dataDir}; they can remove or replace it`)
  }
  if ((stat.mode & 0o022) !== 0) {
    warnings.push(
      `warning: other users can write to ${home.dataDir}; close it: chmod go-w ${home.dataDir}`,
    )
  }
  return warnings
}

/** The folder that holds a folder for each account. */
export function accountsPath(home: Home): string {
  return join(home.dataDir, ACCOUNTS)
}

export function isFolderName(name: string): boolean {
  return FOLDER_NAME.test(name)
}

function allFolders(home: Home): readonly AccountFolder[] {
  const accounts = accountsPath(home)
  if (!existsSync(accounts)) return []
  return withFiles(() => readdirSync(accounts))
    .filter(isFolderName)
    .map((name) => ({ name, path: join(accounts, name) }))
}
