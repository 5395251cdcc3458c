import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import Database from '@signalapp/sqlcipher'
import { tempDir, type Scope } from '../../harness/index.js'
import { BODY_BYTES } from './subject.js'

const MESSAGES = 20_000
const A_COMMIT = 64

/** Rows of 1 KB a second that SQLite has durably on this disk, 64 in each commit. */
export async function batchedInsertRate(scope: Scope): Promise<number> {
  const database = new Database(join(tempDir(scope), 'insert.db'), { cacheStatements: true })
  scope.teardown(() => database.close())
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('CREATE TABLE envelope (seq INTEGER PRIMARY KEY, body BLOB)')
  const insert = database.prepare('INSERT INTO envelope (seq, body) VALUES (?, ?)')
  const body = new Uint8Array(randomBytes(BODY_BYTES))
  const begunMs = performance.now()
  for (let first = 1; first <= MESSAGES; first += A_COMMIT) {
    const end = Math.min(first + A_COMMIT, MESSAGES + 1)
    database.transaction(() => {
      for (let seq = first; seq < end; seq++) insert.run([seq, body])
    })()
    await setImmediate() // As a relay does, which reads its sockets between two commits.
  }
  return (MESSAGES / (performance.now() - begunMs)) * 1000
}
