import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { StorageError, type Bytes } from '@sotto/protocol'

export const FOLDER_MODE = 0o700
export const FILE_MODE = 0o600

/** A file that is whole on the disk under another name, and not yet in its place. */
export interface StagedFile {
  /** Puts it in its place, durably. If we die before, the old file stands; after, the new one. */
  install(): void
  /** Forgets it. */
  discard(): void
}

export interface FileOptions {
  /** False: the disk may get it later, and a power cut may leave nothing or part of it. */
  readonly durable?: boolean
}

/**
 * Writes `bytes` beside `path`, readable by nobody else, and through to the disk. If we die before
 * `install`, a file whose name begins with a dot stays behind, and goes with its folder.
 */
export function stageFile(
  path: string,
  bytes: Uint8Array,
  { durable = true }: FileOptions = {},
): StagedFile {
  const temporary = join(dirname(path), `.${basename(path)}.${unusedName()}`)
  const file = openSync(temporary, 'wx', FILE_MODE)
  try {
    for (let offset = 0; offset < bytes.length;) offset += writeSync(file, bytes, offset)
    if (durable) fsyncSync(file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  return {
    install: () => {
      renameSync(temporary, path)
      if (durable) syncFolder(dirname(path))
    },
    discard: () => rmSync(temporary, { force: true }),
  }
}

/** Replaces the file at `path`: whoever reads it, then or after a crash, finds the old or the new. */
export function replaceFile(path: string, bytes: Uint8Array, options: FileOptions = {}): void {
  const staged = stageFile(path, bytes, options)
  try {
    staged.install()
  } catch (error) {
    staged.discard()
    throw error
  }
}

/** Like no other, and no secret: the global `crypto` takes a millisecond to be there at all. */
function unusedName(): string {
  return Math.random().toString(36).slice(2)
}

/** Without a word where there is no such file. (`rmSync` would look at it from all sides first.) */
export function removeFileIfAny(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** From the global `crypto`, which costs nothing until it is used: commands that only ask never do. */
export function randomLetters(count: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(count))
  return Array.from(bytes, (byte) => BASE32[byte % BASE32.length]).join('')
}

/** Makes an empty file for this user alone where there is none: SQLite would let others read it. */
export function createFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', FILE_MODE))
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** Undefined where there is no such file. */
export function readFileIfAny(path: string): Bytes | undefined {
  try {
    return new Uint8Array(readFileSync(path))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Makes what was created, renamed or removed in a folder survive a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Runs file work; what the operating system refuses becomes a StorageError. */
export function withFiles<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined || !(error instanceof Error)) throw error
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new StorageError('store/full', 'the disk is full; nothing was changed', {
        cause: error,
        fix: 'Free some space and try again.',
      })
    }
    throw new StorageError('store/failed', `the home folder cannot be used: ${error.message}`, {
      cause: error,
      fix: 'Check the disk and the permissions of the home folder.',
    })
  }
}

/** Whether a disk had no room for what was to be written, to a file or to a store. */
export function isFull(thrown: unknown): boolean {
  return thrown instanceof StorageError && thrown.code === 'store/full'
}

/** `ENOENT` and its like; undefined for what the operating system did not say. */
export function errorCode(error: unknown): string | undefined {
  const isSystemError = error instanceof Error && 'syscall' in error && 'code' in error
  return isSystemError && typeof error.code === 'string' ? error.code : undefined
}
