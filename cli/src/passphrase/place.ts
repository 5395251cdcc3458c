import { resolve } from 'node:path'

import { UsageError } from '@sotto/protocol'

import type { SecretPlace } from '../commands/command.js'
import type { Flags } from '../flags/flags.js'
import { parsePath } from '../flags/values.js'

const FD_MAX = 1_000_000

/**
 * Where `--<name>-fd` and `--<name>-file` say a passphrase is: the command line wins over the
 * environment, and a descriptor over a file.
 */
export function readPassphrasePlace(
  flags: Flags,
  workingDir: string,
  name = 'passphrase',
): SecretPlace | undefined {
  const [fd, file] = [`${name}-fd`, `${name}-file`]
  const fileOnly = flags.isTyped(file) && !flags.isTyped(fd)
  const descriptor = fileOnly ? undefined : flags.read(fd, parseDescriptor)
  if (descriptor !== undefined) return { kind: 'fd', fd: descriptor }
  const path = flags.read(file, parseSecretPath)
  return path === undefined ? undefined : { kind: 'file', path: resolve(workingDir, path) }
}

function parseDescriptor(text: string): number {
  const fd = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN
  if (fd <= FD_MAX) return fd
  throw new UsageError('usage/invalid', `not a file descriptor: ${text}`, {
    fix: 'Give its number, as in: sotto receive --passphrase-fd 3 3< <(pass show sotto)',
  })
}

function parseSecretPath(text: string): string {
  if (text !== '-') return parsePath(text)
  throw new UsageError('usage/invalid', 'a passphrase is not read from stdin this way', {
    fix: 'If nothing else comes on stdin: --passphrase-fd 0',
  })
}
