import type Database from '@signalapp/sqlcipher'
import { InputError, equalBytes, type Bytes } from '@sotto/protocol'
import { parseKeys, type RelayKeys } from '../keys.js'
import { isDamaged } from '../store/sqlite/faults.js'
import { schemaVersion } from '../store/sqlite/database.js'
import { blob, integer, type Row } from '../store/sqlite/rows.js'

/**
 * A backup is the relay's database as it was at one moment, with one table more that says whose it
 * is. Restored, it has that table no longer.
 */
const TABLE = `CREATE TABLE backup (
  made_ms INTEGER NOT NULL,
  root_key BLOB NOT NULL,
  -- The key file, where it was asked for: then the backup is as secret as the keys are.
  keys TEXT
) STRICT`

export interface BackupLabel {
  readonly madeMs: number
  /** Of the relay that it is a backup of. */
  readonly rootKey: Bytes
  /** The key file. */
  readonly keys: string | undefined
}

export function writeLabel(database: Database, { madeMs, rootKey, keys }: BackupLabel): void {
  database.exec(TABLE)
  database
    .prepare('INSERT INTO backup (made_ms, root_key, keys) VALUES (?, ?, ?)')
    .run([madeMs, rootKey, keys ?? null])
}

/**
 * Reads what a backup says of itself and all of what it holds. Throws `backup/invalid` for what is no
 * whole backup, `store/newer` for one of a newer relay.
 */
export function readLabel(database: Database, from: string): BackupLabel {
  try {
    database.pragma('journal_mode = DELETE') // One file, whoever reads it and whatever dies.
    const isWhole = database.pragma('integrity_check(1)', { simple: true }) === 'ok'
    if (!isWhole) throw invalid(`${from} is damaged`)
    if (!isLabelled(database)) throw invalid(`${from} is no backup of a relay`)
    schemaVersion(database)
    const row = database.prepare('SELECT made_ms, root_key, keys FROM backup').get<Row>()
    if (row === undefined) throw invalid(`${from} is no backup of a relay`)
    const keys = row['keys']
    return {
      madeMs: integer(row, 'made_ms'),
      rootKey: blob(row, 'root_key'),
      keys: typeof keys === 'string' ? keys : undefined,
    }
  } catch (cause) {
    throw isDamaged(cause) ? invalid(`${from} is damaged or no backup`, cause) : cause
  }
}

export function removeLabel(database: Database): void {
  database.exec('DROP TABLE backup')
}

/** The keys in it, where they are there and its own. */
export function labelledKeys({ keys, rootKey }: BackupLabel, from: string): RelayKeys | undefined {
  if (keys === undefined) return undefined
  const found = parseKeys(keys, `the key file in ${from}`)
  if (!equalBytes(found.rootKey, rootKey)) throw invalid(`${from} holds keys of another relay`)
  return found
}

function isLabelled(database: Database): boolean {
  const tables = database
    .prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('backup', 'meta', 'account')", {
      pluck: true,
    })
    .get<number>()
  return tables === 3
}

function invalid(message: string, cause?: unknown): InputError {
  return new InputError('backup/invalid', message, {
    cause,
    fix: 'Choose another backup: sotto-relay admin backup --out FILE makes one.',
  })
}
