import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Database } from '@signalapp/sqlcipher'
import { succeed, tempDir } from '../harness/index.js'
import { acquainted } from './acquainted.js'
import type { Figure, RunOptions } from './figure.js'
import { median } from './statistics.js'
import { withScope } from '../harness/scope.js'

const LINES = 500
const TEXT = 'a message of ordinary length, as people write'
/** Written down, sealed, accepted: each message is three times on disk before the next step. */
const COMMITS_A_MESSAGE = 3
/** About what a sealed message takes. */
const ROW_BYTES = 1024

/**
 * docs: messages a second that `send --lines` brings to the relay, as a whole process, for one contact
 * and thus strictly in order. The floor is the disk: as many durable commits of a row each in a
 * database that is opened like the store, turn about with it. It seals nothing and asks no relay.
 */
export function run({ rounds, note }: RunOptions): Promise<readonly Figure[]> {
  return withScope(async (scope) => {
    const dir = tempDir(scope)
    const { alice, bob } = await acquainted(scope, dir)
    const input = Array.from({ length: LINES }, (_, index) => `${TEXT} ${String(index)}\n`).join('')
    note(`${String(rounds)} times ${String(LINES)} lines`)
    const sent: number[] = []
    const bare: number[] = []
    for (let round = 0; round < rounds; round++) {
      bare.push(commitsASecond(join(dir, `bare-${String(round)}.db`)) / COMMITS_A_MESSAGE)
      const startMs = performance.now()
      await succeed(alice.run(['send', bob.handle, '--lines'], { input, timeoutMs: 10 * 60_000 }))
      sent.push((LINES / (performance.now() - startMs)) * 1000)
    }
    const floor = { name: 'three bare commits a message', value: median(bare) }
    return [{ bench: 'cli.lines', value: median(sent), unit: 'messages/s', floor }]
  })
}

function commitsASecond(path: string): number {
  const database = new Database(path, { cacheStatements: true })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT')
  const insert = database.prepare('INSERT INTO row (body) VALUES (?)')
  const body = new Uint8Array(ROW_BYTES).fill(7)
  const count = LINES * COMMITS_A_MESSAGE
  const startMs = performance.now()
  for (let index = 0; index < count; index++) insert.run([body])
  const took = performance.now() - startMs
  database.close()
  return (count / took) * 1000
}
