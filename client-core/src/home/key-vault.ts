import { randomFillSync } from 'node:crypto'
import { chmodSync, statSync } from 'node:fs'
import { equalBytes, SecretBytes, StorageError, type Bytes } from '@sotto/protocol'
import type { PassphraseSource } from '../client.js'
import type { Random } from '../ports.js'
import { FILE_MODE, readFileIfAny, replaceFile, withFiles } from './files.js'
import { keyPath, type AccountFolder } from './home.js'
import { keyringOf, type Keyring } from './keyring.js'
import { isLocked, lockKey, STORE_KEY_BYTES, unlockKey } from './locked-key.js'

export { STORE_KEY_BYTES } from './locked-key.js'

/** The key of one account's store, and where it rests. */
export interface StoreKey {
  readonly key: SecretBytes
  /** `passphrase`: in a file, locked under one. */
  readonly keyIn: 'keyring' | 'file' | 'passphrase'
  /** One line for stderr, where something is less safe than it could be. */
  readonly warning: string | undefined
}

export interface VaultOptions {
  /** Default: the operating system's, unless SOTTO_KEYRING=off. */
  readonly keyring?: Keyring
  /** Asked where the key is locked under a passphrase, and only then. Default: nobody answers. */
  readonly passphrase?: PassphraseSource
}

/**
 * Makes the account's store key and puts it in the keyring; where writing it and reading it back
 * fails, into a file that only this user can read; where a passphrase is given, into a file locked
 * under it. Before the store is made: if we die in between, the key opens nothing.
 */
export async function createStoreKey(
  folder: AccountFolder,
  options: VaultOptions & {
    readonly random: Pick<Random, 'bytes'>
    readonly lockUnder?: SecretBytes
  },
): Promise<StoreKey> {
  const key = SecretBytes.take(options.random.bytes(STORE_KEY_BYTES))
  const { lockUnder } = options
  if (lockUnder !== undefined) {
    const locked = await lockKey(key, { passphrase: lockUnder, folder })
    withFiles(() => replaceFile(keyPath(folder), locked))
    return { key, keyIn: 'passphrase', warning: undefined }
  }
  if (await keepInKeyring(folder, key, options))
    return { key, keyIn: 'keyring', warning: undefined }
  withFiles(() => replaceFile(keyPath(folder), key.reveal()))
  return { key, keyIn: 'file', warning: UNLOCKED }
}

/**
 * The account's store key. A key file decides: where there is one, no keyring is loaded. Throws
 * `store/passphrase-needed`, `store/passphrase-wrong`, and `store/locked` where the key is not to be
 * had.
 */
export async function readStoreKey(
  folder: AccountFolder,
  options: VaultOptions = {},
): Promise<StoreKey> {
  const bytes = withFiles(() => readFileIfAny(keyPath(folder)))
  if (bytes === undefined) return readFromKeyring(folder, options)
  const warning = closeKeyFile(folder)
  if (isLocked(bytes))
    return { key: await unlock(folder, bytes, options), keyIn: 'passphrase', warning }
  if (bytes.length !== STORE_KEY_BYTES)
    throw locked('the store’s key file is damaged, or of a newer sotto')
  return { key: SecretBytes.take(bytes), keyIn: 'file', warning }
}

/** Whether only a passphrase opens the account. */
export function isPassphraseNeeded(folder: AccountFolder): boolean {
  const bytes = withFiles(() => readFileIfAny(keyPath(folder)))
  return bytes !== undefined && isLocked(bytes)
}

/** True where the keyring has the key now, and gives it back. */
export async function keepInKeyring(
  folder: AccountFolder,
  key: SecretBytes,
  options: VaultOptions,
): Promise<boolean> {
  const keyring = keyringFor(options)
  try {
    await keyring.write(folder.name, key.reveal())
    const kept = await keyring.read(folder.name)
    return kept !== undefined && equalBytes(kept, key.reveal())
  } catch {
    return false // Whatever it said, it does not keep secrets.
  }
}

/** The name in the keyring under which it is tried whether there is one; it never keeps a key. */
const TRIAL = 'trial'

/**
 * Where the key of a new account would rest, tried out: whether the keyring keeps a secret and gives it
 * back. If we die meanwhile, 32 bytes are left there that open nothing.
 */
export async function findKeyPlace(options: VaultOptions = {}): Promise<'keyring' | 'file'> {
  const keyring = keyringFor(options)
  const secret = randomFillSync(new Uint8Array(STORE_KEY_BYTES))
  try {
    await keyring.write(TRIAL, secret)
    const kept = await keyring.read(TRIAL)
    await keyring.erase(TRIAL)
    return kept !== undefined && equalBytes(kept, secret) ? 'keyring' : 'file'
  } catch {
    return 'file' // Whatever it said, it does not keep secrets.
  }
}

export async function forgetInKeyring(folder: AccountFolder, options: VaultOptions): Promise<void> {
  try {
    await keyringFor(options).erase(folder.name)
  } catch {
    // Without a keyring there is nothing to forget; an orphaned key opens nothing.
  }
}

/** Forgets the key: its store can never be opened again. The key file goes with its folder. */
export async function forgetStoreKey(
  folder: AccountFolder,
  options: VaultOptions = {},
): Promise<void> {
  const inFile = withFiles(() => statSync(keyPath(folder), { throwIfNoEntry: false }))
  if (inFile === undefined) await forgetInKeyring(folder, options)
}

export const UNLOCKED =
  'warning: no keyring here; the key lies in a file that only your user can read'

async function readFromKeyring(folder: AccountFolder, options: VaultOptions): Promise<StoreKey> {
  const secret = await readKeyring(folder, keyringFor(options))
  if (secret?.length !== STORE_KEY_BYTES) {
    throw locked('the store’s key is neither in the keyring nor in a file')
  }
  return { key: SecretBytes.take(secret), keyIn: 'keyring', warning: undefined }
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
function closeKeyFile(folder: AccountFolder): string | undefined {
  const path = keyPath(folder)
  const { uid, mode } = withFiles(() => statSync(path))
  const ownUid = process.getuid?.()
  if (ownUid !== undefined && ownUid !== 0 && uid !== ownUid) {
    throw locked('the store’s key file belongs to another user')
  }
  if (ownUid === undefined || (mode & 0o077) === 0) return undefined
  withFiles(() => chmodSync(path, FILE_MODE))
  return `warning: other users could read ${path}; it is closed now, but they may have the key`
}

/** Asks for passphrases until one fits or there is no other. */
async function unlock(
  folder: AccountFolder,
  bytes: Bytes,
  { passphrase: ask }: VaultOptions,
): Promise<SecretBytes> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const passphrase = await ask?.(attempt)
    if (passphrase === undefined) throw attempt === 1 ? passphraseNeeded() : passphraseWrong()
    const key = await unlockKey(bytes, { passphrase, folder })
    passphrase.wipe()
    if (key !== undefined) return key
  }
  throw passphraseWrong()
}

/** Whoever answers may stop earlier. */
export const ATTEMPTS_MAX = 3

export function passphraseNeeded(): StorageError {
  return new StorageError('store/passphrase-needed', 'the account is locked under a passphrase', {
    fix: 'Give it with --passphrase-file FILE or --passphrase-fd N, or run the command on a terminal.',
  })
}

export function passphraseWrong(): StorageError {
  return new StorageError('store/passphrase-wrong', 'wrong passphrase')
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
