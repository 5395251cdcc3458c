import { closeSync, fsyncSync, fstatSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { SecretBytes } from '@sotto/protocol'
import type { Crashpoint } from '../ports.js'
import { errorCode, stageFile, syncFolder, withFiles } from './files.js'
import { keyPath, type AccountFolder } from './home.js'
import {
  forgetInKeyring,
  keepInKeyring,
  UNLOCKED,
  type StoreKey,
  type VaultOptions,
} from './key-vault.js'
import { lockKey, type ScryptCost } from './locked-key.js'

export interface MoveOptions extends VaultOptions {
  readonly crashpoint: Crashpoint
  readonly cost?: ScryptCost
}

/**
 * Locks a store key under a passphrase, wherever it rested. Only for who owns the account: two that
 * move a key at once could lose it. If we die before `key.staged` is over, the old place holds; from
 * `key.placed` on, the passphrase opens it, and what is left in the old place opens nothing that
 * asks the file first; the next move removes it.
 */
export async function lockStoreKey(
  folder: AccountFolder,
  key: SecretBytes,
  options: MoveOptions & { readonly under: SecretBytes },
): Promise<StoreKey> {
  const locked = await lockKey(key, {
    passphrase: options.under,
    folder,
    ...(options.cost === undefined ? {} : { cost: options.cost }),
  })
  replaceKeyFile(folder, locked, options.crashpoint)
  await forgetInKeyring(folder, options)
  return { key, keyIn: 'passphrase', warning: undefined }
}

/**
 * Puts a locked store key back into the keyring, or without one into a file that only this user can
 * read. If we die before `key.placed`, the passphrase still opens it.
 */
export async function unlockStoreKey(
  folder: AccountFolder,
  key: SecretBytes,
  options: MoveOptions,
): Promise<StoreKey> {
  if (await keepInKeyring(folder, key, options)) {
    options.crashpoint('key.placed')
    withFiles(() => {
      removeStaged(folder)
      rmSync(keyPath(folder), { force: true })
      syncFolder(folder.path)
    })
    return { key, keyIn: 'keyring', warning: undefined }
  }
  replaceKeyFile(folder, key.reveal(), options.crashpoint)
  return { key, keyIn: 'file', warning: UNLOCKED }
}

/** Files of moves that were cut short; they may hold the key itself. */
export function stagedKeys(folder: AccountFolder): readonly string[] {
  const begin = `.${basename(keyPath(folder))}.`
  return withFiles(() => readdirSync(folder.path))
    .filter((name) => name.startsWith(begin))
    .map((name) => join(folder.path, name))
}

export function removeStaged(folder: AccountFolder): void {
  for (const path of stagedKeys(folder)) {
    withFiles(() => {
      overwrite(openIfAny(path))
      rmSync(path, { force: true })
    })
  }
}

function replaceKeyFile(folder: AccountFolder, bytes: Uint8Array, crashpoint: Crashpoint): void {
  removeStaged(folder)
  withFiles(() => {
    const staged = stageFile(keyPath(folder), bytes)
    crashpoint('key.staged')
    const old = openIfAny(keyPath(folder))
    staged.install()
    crashpoint('key.placed')
    overwrite(old)
  })
}

function openIfAny(path: string): number | undefined {
  try {
    return openSync(path, 'r+')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Writes zeros over a file that has no name any more. As far as the file system writes in place: a
 * flash disk or one with snapshots may keep what was there.
 */
function overwrite(file: number | undefined): void {
  if (file === undefined) return
  try {
    writeSync(file, new Uint8Array(fstatSync(file).size), 0, null, 0)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
