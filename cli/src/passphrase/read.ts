import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

import { InputError, SecretBytes, StorageError, UsageError, utf8 } from '@sotto/protocol'

import type { SecretPlace } from '../commands/command.js'

export const PASSPHRASE_BYTES_MAX = 1024

const NEWLINE = 0x0a
const RETURN = 0x0d
const READABLE_BY_OTHERS = 0o044

/**
 * The passphrase in a file or behind a descriptor, less one line end. `warn` hears when other users
 * could read the file. Throws `file/unknown`, `usage/invalid` for a descriptor that is not open, and
 * what `asPassphrase` throws.
 */
export function readPassphrase(place: SecretPlace, warn: (message: string) => void): SecretBytes {
  const fd = place.kind === 'fd' ? place.fd : openFile(place.path)
  try {
    if (place.kind === 'file' && isExposed(fd)) {
      warn(`other users can read ${place.path}; close it: chmod go= ${place.path}`)
    }
    return readToEnd(fd, place)
  } finally {
    if (place.kind === 'file') closeSync(fd)
  }
}

/**
 * Typed or read bytes as every sotto derives the same key from them: UTF-8 in NFC (Unicode, UAX
 * 15). Wipes `bytes`. Throws `store/passphrase-needed` for an empty one.
 */
export function asPassphrase(bytes: Uint8Array): SecretBytes {
  if (bytes.length === 0) {
    throw new StorageError('store/passphrase-needed', 'the passphrase is empty', {
      fix: 'Give one with at least one character.',
    })
  }
  if (bytes.every((byte) => byte < 0x80)) return SecretBytes.take(bytes)
  try {
    // A string cannot be wiped; there is no other way to NFC.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return SecretBytes.take(utf8(text.normalize('NFC')))
  } catch (cause) {
    throw new InputError('content/invalid', 'the passphrase is not text in UTF-8', {
      cause,
      fix: 'Is it the right file? A key of other bytes can be written in hex or base64.',
    })
  } finally {
    bytes.fill(0)
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): InputError {
  return new InputError('file/unknown', `the passphrase file cannot be read: ${path}`, {
    cause,
    fix: 'Check the path and its permissions.',
  })
}

function isExposed(fd: number): boolean {
  const stat = fstatSync(fd)
  return process.platform !== 'win32' && stat.isFile() && (stat.mode & READABLE_BY_OTHERS) !== 0
}

function readToEnd(fd: number, place: SecretPlace): SecretBytes {
  const buffer = new Uint8Array(PASSPHRASE_BYTES_MAX + 3) // A line end, and one that is too many.
  try {
    let length = 0
    while (length < buffer.length) {
      const count = readSome(fd, buffer.subarray(length), place)
      if (count === 0) break
      length += count
    }
    const line = withoutLineEnd(buffer.subarray(0, length))
    if (line.length <= PASSPHRASE_BYTES_MAX) return asPassphrase(line)
  } finally {
    buffer.fill(0)
  }
  throw new InputError('content/too-large', 'the passphrase is too long', {
    fix: `At most ${PASSPHRASE_BYTES_MAX} bytes; is it the right file?`,
  })
}

function readSome(fd: number, into: Uint8Array, place: SecretPlace): number {
  try {
    return readSync(fd, into)
  } catch (cause) {
    if (place.kind === 'file') throw unreadable(place.path, cause)
    throw new UsageError('usage/invalid', 'no passphrase can be read there', {
      cause,
      fix: 'Open the descriptor, as in: sotto receive --passphrase-fd 3 3< <(pass show sotto)',
    })
  }
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== NEWLINE) return bytes
  return bytes.subarray(0, bytes.at(-2) === RETURN ? -2 : -1)
}
