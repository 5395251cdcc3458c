import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs'
import { renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { ConfigError, StorageError } from '@sotto/protocol'

import { parseConfig } from './parse-config.js'
import type { ConfigKey } from './keys.js'
import { setLine } from './toml-lines.js'

/**
 * Sets one key in the person's file, which is made where there is none. Comments and order stay. If
 * we die here, the old file stands. Throws `config/invalid` where the file has faults, or the key
 * stands in it in a way that one line does not change.
 */
export function setInFile(path: string, key: ConfigKey, value: string): void {
  const { target, old } = writable(path, () => readTarget(path))
  const before = parsed(path, old)
  const text = setLine(old, key, value)
  const after = parseConfig([{ origin: 'user', path, text }])
  const others = [...before.keys()].filter((each) => each !== key)
  const kept = others.every((each) => after.entries.get(each)?.value === before.get(each)?.value)
  if (after.faults.length > 0 || after.entries.get(key)?.value !== value || !kept) {
    throw new ConfigError('config/invalid', `${key} stands in ${path} in a way of its own`, {
      fix: 'Change it there by hand. Nothing was written.',
    })
  }
  replaceText(target, text)
}

function parsed(path: string, text: string) {
  const { entries, faults } = parseConfig([{ origin: 'user', path, text }])
  if (faults.length === 0) return entries
  throw new ConfigError('config/invalid', `the file has faults: ${faults.join('; ')}`, {
    fix: 'Correct it first. Nothing was written.',
  })
}

/** A link is followed: what it leads to is replaced, not the link. */
function readTarget(path: string): { readonly target: string; readonly old: string } {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return { target: path, old: '' }
  return { target: realpathSync(path), old: readFileSync(path, 'utf8') }
}

/** Replaces a file of the person, which only they can read: if we die here, the old one stands. */
export function replaceText(path: string, text: string): void {
  const part = join(dirname(path), `.${basename(path)}.${String(process.pid)}`)
  writable(path, () => {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      const file = openSync(part, 'wx', 0o600)
      try {
        writeSync(file, text)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(part, path)
    } finally {
      rmSync(part, { force: true })
    }
  })
}

function writable<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    throw new StorageError('store/failed', `the configuration cannot be written: ${path}`, {
      cause,
      fix: 'Check the disk and the permissions of its folder.',
    })
  }
}
