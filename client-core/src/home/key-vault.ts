import { chmodSync, statSync } from 'node:fs'
import { equalBytes, SecretBytes, StorageError, type Bytes } from '@sotto/protocol'
import type { Random } from '../ports.js'
import { FILE_MODE, readFileIfAny, replaceFile, withFiles } from './files.js'
import { keyPath, type AccountFolder } from './home.js'
import { keyringOf, type Keyring } from './keyring.js'

export const STORE_KEY_BYTES = 32

/** The key of one account's store, and where it rests. */
export interface StoreKey {
  readonly key: SecretBytes
  readonly keyIn: 'keyring' | 'file'
  /** One line for stderr, where something is less safe than it could be. */
  readonly warning: string | undefined
}

export interface VaultOptions {
  /** Default: the operating system's, unless SOTTO_KEYRING=off. */
  readonly keyring?: Keyring
}

/**
 * Makes the account's store key and puts it in the keyring; where writing it and reading it back
 * fails, into a file that only this user can read. Before the store is made: if we die in between,
 * the key opens nothing.
 */
export async function createStoreKey(
  folder: AccountFolder,
  options: VaultOptions & { readonly random: Pick<Random, 'bytes'> },
): Promise<StoreKey> {
  const bytes = options.random.bytes(STORE_KEY_BYTES)
  const key = new SecretBytes(bytes)
  if (await keptByKeyring(folder, bytes, keyringFor(options))) {
    return { key, keyIn: 'keyring', warning: undefined }
  }
  withFiles(() => replaceFile(keyPath(folder), bytes))
  return {
    key,
    keyIn: 'file',
    warning: 'warning: no keyring here; the key lies in a file that only your user can read',
  }
}

/**
 * The account's store key. A key file decides: where there is one, no keyring is loaded. Throws
 * `store/locked` where the key is not to be had.
 */
export async function readStoreKey(
  folder: AccountFolder,
  options: VaultOptions = {},
): Promise<StoreKey> {
  const bytes = withFiles(() => readFileIfAny(keyPath(folder)))
  if (bytes !== undefined) return keyInFile(folder, bytes)
  const secret = await readKeyring(folder, keyringFor(options))
  if (secret?.length !== STORE_KEY_BYTES) {
    throw locked('the store’s key is neither in the keyring nor in a file')
  }
  return { key: new SecretBytes(secret), keyIn: 'keyring', warning: undefined }
}

/** Forgets the key: its store can never be opened again. The key file goes with its folder. */
export async function forgetStoreKey(
  folder: AccountFolder,
  options: VaultOptions = {},
): Promise<void> {
  const inFile = withFiles(() => statSync(keyPath(folder), { throwIfNoEntry: false }))
  if (inFile !== undefined) return
  try {
    await keyringFor(options).erase(folder.name)
  } catch {
    // Without a keyring there is nothing to forget; an orphaned key opens nothing.
  }
}

async function keptByKeyring(
  folder: AccountFolder,
  bytes: Bytes,
  keyring: Keyring,
): Promise<boolean> {
  try {
    await keyring.write(folder.name, bytes)
    const kept = await keyring.read(folder.name)
    return kept !== undefined && equalBytes(kept, bytes)
  } catch {
    return false // Whatever it said, it does not keep secrets.
  }
}

async function readKeyring(folder: AccountFolder, keyring: Keyring): Promise<Bytes | undefined> {
  try {
    return await keyring.read(folder.name)
  } catch (cause) {
    throw locked('the store’s key is in a keyring that cannot be reached', cause)
  }
}

/**
 * A key that others could read is closed and the reader told, not refused: refusing would lock
 * somebody out of their own messages for what has already happened. Somebody else's key file is
 * refused: they chose the key.
 */
function keyInFile(folder: AccountFolder, bytes: Bytes): StoreKey {
  const path = keyPath(folder)
  const { uid, mode } = withFiles(() => statSync(path))
  const ownUid = process.getuid?.()
  if (ownUid !== undefined && ownUid !== 0 && uid !== ownUid) {
    throw locked('the store’s key file belongs to another user')
  }
  if (bytes.length !== STORE_KEY_BYTES) throw locked('the store’s key file is damaged')
  const key = new SecretBytes(bytes)
  if (ownUid === undefined || (mode & 0o077) === 0) {
    return { key, keyIn: 'file', warning: undefined }
  }
  withFiles(() => chmodSync(path, FILE_MODE))
  return {
    key,
    keyIn: 'file',
    warning: `warning: other users could read ${path}; it is closed now, but they may have the key`,
  }
}

function keyringFor(options: VaultOptions): Keyring {
  return options.keyring ?? keyringOf(process.env)
}

function locked(message: string, cause?: unknown): StorageError {
  return new StorageError('store/locked', message, {
    fix: 'Unlock the keyring of the desktop session in which the account was made, or restore the key file from a backup.',
    ...(cause === undefined ? {} : { cause }),
  })
}
