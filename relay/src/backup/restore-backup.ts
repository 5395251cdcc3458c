import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs'
import Database from '@signalapp/sqlcipher'
import { InputError, equalBytes } from '@sotto/protocol'
import { FILE_MODE, FOLDER_MODE, removeIfAny, syncToDisk } from '../disk.js'
import { readKeyText, parseKeys, writeKeys } from '../keys.js'
import type { Random } from '../ports.js'
import { epochAt } from '../store/epoch.js'
import { asStorageError } from '../store/sqlite/faults.js'
import { lockFolder } from '../store/sqlite/folder-lock.js'
import {
  finishReplacement,
  replaceDatabase,
  replacementPaths,
  type OnStep,
} from '../store/sqlite/replace-database.js'
import { labelledKeys, readLabel, removeLabel, type BackupLabel } from './format.js'

export interface RestoreOptions {
  /** The data folder, which no relay owns; made where it is not there. */
  readonly folder: string
  readonly file: string
  readonly nowMs: number
  readonly random: Random
  readonly onStep?: OnStep
}

export interface Restored {
  readonly epoch: number
  /** When the backup was made. */
  readonly madeMs: number
  /** The folder of what was there before; undefined: nothing was. */
  readonly kept: string | undefined
  readonly keysFromBackup: boolean
}

/**
 * Puts a backup in the place of a relay's database, in a new epoch: clients are told of the break.
 * Everything is checked on a copy before anything changes. If we die, the folder holds what was there
 * or what was restored, whole. Throws BusyError where a relay runs on the folder, `file/unknown`,
 * `backup/invalid`, `backup/keys`, `store/newer`, and StorageErrors of the disk.
 */
export function restoreBackup(options: RestoreOptions): Restored {
  const { folder, file, onStep = () => undefined } = options
  if (!existsSync(file)) {
    throw new InputError('file/unknown', `there is no ${file}`, { fix: 'Check the path.' })
  }
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
  const lock = lockFolder(folder)
  try {
    finishReplacement(folder)
    onStep('copy')
    const { label, epoch } = prepare(options)
    const keys = missingKeys(folder, label, file)
    if (keys !== undefined) {
      onStep('put the keys back')
      writeKeys(folder, keys)
    }
    const kept = replaceDatabase(folder, onStep)
    return { epoch, madeMs: label.madeMs, kept, keysFromBackup: keys !== undefined }
  } catch (cause) {
    throw asStorageError(cause)
  } finally {
    lock.release()
  }
}

/** The copy that is to be the database, checked, in its new epoch and on disk. */
function prepare({ folder, file, nowMs, random }: RestoreOptions) {
  const { incoming } = replacementPaths(folder)
  copyFileSync(file, incoming)
  chmodSync(incoming, FILE_MODE)
  const copy = new Database(incoming)
  let isWell = false
  try {
    const label = readLabel(copy, file)
    removeLabel(copy)
    const epoch = copy
      .prepare("UPDATE meta SET value = max(value + 1, ?) WHERE name = 'epoch' RETURNING value", {
        pluck: true,
      })
      .get<number>([epochAt(nowMs, random)])
    isWell = true
    return { label, epoch: epoch ?? 0 }
  } finally {
    copy.close()
    if (isWell) syncToDisk(incoming)
    else removeIfAny(incoming)
  }
}

/** The key file that has to come from the backup; undefined: the right one is there. */
function missingKeys(folder: string, label: BackupLabel, file: string): string | undefined {
  const inBackup = labelledKeys(label, file)
  const text = readKeyText(folder)
  if (text === undefined) {
    if (inBackup === undefined) throw wrongKeys(folder, `${folder} has no keys, nor has ${file}`)
    return label.keys
  }
  const { rootKey } = parseKeys(text, `${folder}/keys/relay.json`)
  if (equalBytes(rootKey, label.rootKey)) return undefined
  throw wrongKeys(folder, `${file} is a backup of another relay than the one whose keys are there`)
}

function wrongKeys(folder: string, message: string): InputError {
  return new InputError('backup/keys', message, {
    fix: `Put the keys folder of that relay into ${folder} first: accounts belong to the root key in it.`,
  })
}
