import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** What this relay writes is for its own user. */
export const FILE_MODE = 0o600
export const FOLDER_MODE = 0o700

/** Writes a file whole or not at all: beside, synced, renamed. Its folder has to be there. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.new`
  const descriptor = openSync(temporary, 'w', FILE_MODE)
  writeSync(descriptor, text)
  fsyncSync(descriptor)
  closeSync(descriptor)
  moveWhole(temporary, path)
}

/** Renames what is on disk already, so that it is there under its new name or its old one. */
export function moveWhole(from: string, to: string): void {
  renameSync(from, to)
  syncToDisk(dirname(to))
}

/** A file or a folder with what is in it by now. */
export function syncToDisk(path: string): void {
  const descriptor = openSync(path, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

export function removeIfAny(path: string): void {
  rmSync(path, { force: true, recursive: true })
}
