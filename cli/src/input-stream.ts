import { createReadStream, fstatSync } from 'node:fs'
import type { Readable } from 'node:stream'

import { InputError } from '@sotto/protocol'

import type { InputStream } from './world.js'

const STDIN = 0

/**
 * What this process reads. A folder there (`sotto send … --lines < DIR`) Node takes for an input of
 * nothing at all; here reading it fails.
 */
export function openStdin(): InputStream {
  return isFolder() ? createReadStream('', { fd: STDIN }) : process.stdin
}

function isFolder(): boolean {
  try {
    return fstatSync(STDIN).isDirectory()
  } catch {
    return false // It cannot be looked at: Node says so when it is read.
  }
}

/** The chunks of a stream as they come. Throws `file/unknown` where the system cannot read it. */
export async function* chunksOf(stream: Readable, name: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* stream as AsyncIterable<Uint8Array>
  } catch (thrown) {
    throw unreadable(name, thrown)
  }
}

/** What the system says of an input by name, in words of ours; a SottoError has its own. */
export function unreadable(name: string, thrown: unknown): unknown {
  // ENOENT, EACCES, EIO …
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  if (!/^E[A-Z]+$/.test(code)) return thrown
  const what = code === 'EISDIR' ? 'is a folder' : 'cannot be read'
  return new InputError('file/unknown', `${name} ${what}`, {
    cause: thrown,
    fix: 'Check the path and its permissions: a file or a pipe is read.',
  })
}
