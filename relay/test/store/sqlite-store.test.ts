import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from '@signalapp/sqlcipher'
import t from 'tap'
import { GroupCommit } from '../../src/store/group-commit.js'
import { openDatabase } from '../../src/store/sqlite/database.js'
import type { Operation } from '../../src/store/port.js'
import { openSqliteStore, SqliteStore } from '../../src/store/sqlite/sqlite-store.js'
import { Syncing } from '../../src/store/sqlite/syncing.js'
import { testFolder } from '../harness/test-relay.js'
import { storeContract } from './store.contract.js'
import { forgetKeys, QUOTA, register, submissionOf } from './store-scene.js'

/** What `PRAGMA synchronous` says. */
const NORMAL = 1
const FULL = 2

t.test('the SQLite store', async (t) => {
  storeContract(t, { open: openSqliteStore, folder: () => testFolder(t) })
})

t.test('the SQLite store, filing keys all the time', async (t) => {
  const open = (folder: string) => new SqliteStore(openDatabase(folder), { keysInLogMax: 9 })
  storeContract(t, { open, folder: () => testFolder(t) })
})

t.test('of a mailbox that is gone no key is left when the log was filed', async (t) => {
  const open = openDatabase(testFolder(t))
  const store = new SqliteStore(open)
  t.teardown(() => store.close())
  const commits = new GroupCommit(store, () => undefined)
  const gone = await register(commits)
  const other = await register(commits)
  for (const { mailbox } of [gone, other]) await commits.change('submit', submissionOf(mailbox, 2))

  await commits.change('delete-account', { account: gone.account })
  await forgetKeys(commits, { mailbox: other.mailbox, max: 10, day: 0 })

  const count = (of: string) => open.database.prepare(`SELECT count(*) ${of}`, { pluck: true })
  t.equal(count('FROM idempotency_log').get<number>(), 0)
  t.equal(count('FROM idempotency_key').get<number>(), 2)
})

t.test('every opening writes ahead and syncs in full, the second too', async (t) => {
  const folder = testFolder(t)
  openDatabase(folder).close()

  const again = openDatabase(folder)

  t.equal(again.database.pragma('journal_mode', { simple: true }), 'wal')
  t.equal(again.database.pragma('synchronous', { simple: true }), 2)
  again.close()
})

t.test('all but acknowledgements alone is synced before it is answered', async (t) => {
  const open = openDatabase(testFolder(t))
  const store = new SqliteStore(open)
  t.teardown(() => store.close())
  const mailbox = new Uint8Array(16)
  const acknowledge: Operation = {
    name: 'acknowledge',
    input: { mailbox, seq: 1 },
  }
  const sweep: Operation = {
    name: 'sweep',
    input: { mailbox, beforeMs: 0 },
  }
  const syncedAs = async (operations: readonly Operation[]) => {
    await store.apply(operations)
    return open.database.pragma('synchronous', { simple: true })
  }

  t.equal(await syncedAs([acknowledge]), FULL, 'who knows what an earlier process left')
  t.equal(await syncedAs([acknowledge]), NORMAL)
  t.equal(await syncedAs([acknowledge, sweep]), FULL)
  t.equal(await syncedAs([acknowledge, acknowledge]), NORMAL)
  t.equal(await syncedAs([sweep]), FULL)
  const inRow: unknown[] = []
  for (let count = 0; count < 6; count++) inRow.push(await syncedAs([acknowledge]))
  t.same(inRow, [NORMAL, NORMAL, NORMAL, NORMAL, FULL, NORMAL], 'four in a row are not')
})

t.test(
  'what was not synced when an fsync failed is in the database before more is built on it',
  async (t) => {
    const folder = testFolder(t)
    const open = openDatabase(folder)
    const store = new SqliteStore(open)
    t.teardown(() => store.close())
    const commits = new GroupCommit(store, () => undefined)
    const { mailbox } = await register(commits)
    const submit = () => commits.change('submit', submissionOf(mailbox, 1))
    const log = join(folder, 'relay.db-wal')
    await submit()
    await submit()
    await commits.change('acknowledge', { mailbox, seq: 1 }) // To the system only.
    const before = readFileSync(log)

    const statement = open.database.prepare('COMMIT') // The one that the store runs: they are kept.
    statement.run = () => {
      throw Object.assign(new Error('fsync'), { code: 'SQLITE_IOERR_FSYNC' })
    }
    await t.rejects(submit(), { code: 'relay/unavailable' })
    Reflect.deleteProperty(statement, 'run')
    t.match(await submit(), { kind: 'stored' })

    const after = readFileSync(log)
    t.notOk(after.subarray(16, 24).equals(before.subarray(16, 24)), 'the log was begun anew')
    t.match(await store.findMailbox(mailbox), { head: 3, acknowledged: 1 })
  },
)

t.test('a log that is doubtful stays so as long as a backup reads from it', async (t) => {
  const folder = testFolder(t)
  const { database, close } = openDatabase(folder)
  t.teardown(close)
  const syncing = new Syncing(database)
  syncing.toDisk()
  syncing.committed()
  syncing.toSystem()
  database.exec("UPDATE meta SET value = 2 WHERE name = 'epoch'")
  syncing.committed()
  syncing.failed()
  const reader = new Database(join(folder, 'relay.db'))
  reader.exec('BEGIN; SELECT * FROM meta')

  t.throws(() => syncing.secure(), { code: 'store/failed' })
  reader.close()
  syncing.secure()

  t.equal(statSync(join(folder, 'relay.db-wal')).size, 0)
})

t.test('a store begins in full, whatever the one before it on the same database did', async (t) => {
  const open = openDatabase(testFolder(t))
  const input = { mailbox: new Uint8Array(16), seq: 1 }
  await new SqliteStore(open).apply([{ name: 'acknowledge', input }])

  const store = new SqliteStore(open)

  t.equal(open.database.pragma('synchronous', { simple: true }), FULL)
  await store.close()
})

t.test('a data folder has one owner, and the second learns who it is', async (t) => {
  const folder = testFolder(t)
  const owner = openDatabase(folder)
  t.teardown(() => owner.close())

  t.throws(() => openDatabase(folder), {
    code: 'account/busy',
    exitCode: 83,
    message: `another relay (process ${process.pid}) owns ${folder}`,
  })
})

t.test('a folder is free again when its owner has closed it', async (t) => {
  const folder = testFolder(t)
  openDatabase(folder).close()

  t.doesNotThrow(() => openDatabase(folder).close())
})

t.test('a database of a newer version is not touched', async (t) => {
  const folder = testFolder(t)
  const newer = openDatabase(folder)
  newer.database.pragma('user_version = 99')
  newer.close()

  t.throws(() => openDatabase(folder), { code: 'store/newer', exitCode: 78 })
})

const IO = '/proc/self/io'

t.test(
  'who submits to a full mailbox waits for a few of its pages, not for all of them',
  { skip: !existsSync(IO) && 'needs Linux to say how much a process has read' },
  async (t) => {
    const folder = testFolder(t)
    const waiting = 2_000
    const quota = { ...QUOTA, envelopes: waiting + 2, bytes: 2 ** 30 }
    const before = openSqliteStore(folder)
    const { mailbox } = await register(new GroupCommit(before, () => undefined))
    const all = { ...submissionOf(mailbox, waiting), quota }
    await before.apply([{ name: 'submit', input: all }])
    await before.close()
    // As after a restart: nothing of it is in memory, and everything that is looked at is read.
    const store = openSqliteStore(folder)
    t.teardown(() => store.close())
    const again = { ...all, envelopes: all.envelopes.slice(0, 1), arrivalMs: 2_000 }
    const next = { ...submissionOf(mailbox, 1), quota }
    const readBefore = bytesRead()

    const outcomes = await store.apply([
      { name: 'submit', input: again },
      { name: 'submit', input: next },
    ])

    t.ok(bytesRead() - readBefore < (waiting * 1024) / 8)
    t.match(outcomes, [
      { output: { kind: 'stored', arrivalMs: 1_000, placed: [] } },
      { output: { kind: 'stored', placed: [{ row: { seq: waiting + 1 } }] } },
    ])
  },
)

function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync(IO, 'utf8'))?.[1])
}
