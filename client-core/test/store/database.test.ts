import { existsSync, readFileSync } from 'node:fs'
import { Database } from '@signalapp/sqlcipher'
import { SecretBytes } from '@sotto/protocol'
import { test } from 'tap'
import { migrate, openDatabase } from '../../src/store/database.js'
import { Store } from '../../src/store/store.js'
import { ManualClock } from '../net/manual-clock.js'
import { add, beginStore, KEY, messageOf } from './scene.js'

test('every commit is an fsync, on a new store and on each reopening', (t) => {
  const { path, database } = beginStore(t)
  const reopened = openDatabase(path, KEY)
  const pragma = (of: Database, name: string) => of.pragma(name, { simple: true })
  t.same([pragma(database, 'journal_mode'), pragma(database, 'synchronous')], ['wal', 2])
  t.same([pragma(reopened, 'journal_mode'), pragma(reopened, 'synchronous')], ['wal', 2])
  reopened.close()
  t.end()
})

test('what is deleted is overwritten, and temporary tables stay in memory', (t) => {
  const { database } = beginStore(t)
  t.equal(database.pragma('secure_delete', { simple: true }), 1)
  t.ok(
    database
      .prepare('PRAGMA compile_options', { pluck: true })
      .all<string>([])
      .includes('TEMP_STORE=2'),
  )
  t.end()
})

test('no more than 4 MiB of decrypted pages are kept in memory', (t) => {
  const { database } = beginStore(t)
  t.equal(database.pragma('cache_size', { simple: true }), -4096)
  t.end()
})

test('another key does not open the store', (t) => {
  const { path } = beginStore(t)
  const other = new SecretBytes(new Uint8Array(32).fill(8))
  t.throws(() => openDatabase(path, other), { code: 'store/locked', exitCode: 86 })
  t.end()
})

test('a store written by a newer sotto is refused and left as it is', (t) => {
  const { path, database } = beginStore(t)
  database.pragma('user_version = 999')
  t.throws(() => openDatabase(path, KEY), { code: 'store/newer', exitCode: 78 })
  t.equal(database.pragma('user_version', { simple: true }), 999)
  t.end()
})

test('a folder that is not there is a fault of the store', (t) => {
  t.throws(() => openDatabase('/nowhere/at/all/store.db', KEY), { code: 'store/failed' })
  t.end()
})

test('without the key the files are no database and show nothing of what is in them', (t) => {
  const { path, store } = beginStore(t)
  add(store, messageOf(1, { body: 'planted in the store' }))
  const files = [path, `${path}-wal`].filter(existsSync).map((file) => readFileSync(file))
  t.equal(files.length, 2)
  t.notOk(files.some((bytes) => bytes.includes('planted')))
  t.notOk(files.some((bytes) => bytes.includes('SQLite format 3')))
  const plain = new Database(path)
  t.throws(() => plain.prepare('SELECT * FROM message'), /NOTADB|not a database/)
  plain.close()
  t.end()
})

test('on a full disk a transaction fails whole: store/full, exit 74, nothing half-written', (t) => {
  const { database, store } = beginStore(t)
  const pages = Number(database.pragma('page_count', { simple: true }))
  database.pragma(`max_page_count = ${pages + 2}`)
  const small = messageOf(1)
  const large = messageOf(2, { body: 'x'.repeat(60_000) })
  t.throws(() => add(store, small, large), { code: 'store/full', exitCode: 74 })
  t.equal(store.read.messages.get(small.author, small.id), undefined)
  database.pragma(`max_page_count = ${pages + 1000}`)
  add(store, small, large)
  t.match(store.read.messages.get(large.author, large.id), { id: large.id })
  t.end()
})

test('a table that is gone is a fault of the store, in reading as in writing', (t) => {
  const { database, store } = beginStore(t)
  database.exec('DROP TABLE message')
  t.throws(() => store.read.messages.get(messageOf(1).author, messageOf(1).id), {
    code: 'store/failed',
    exitCode: 74,
  })
  t.throws(() => add(store, messageOf(1)), { code: 'store/failed' })
  t.end()
})

test('what is committed is there after the process is gone without closing', (t) => {
  const { path, store } = beginStore(t)
  add(store, messageOf(1))
  const next = Store.open({ path, key: KEY, clock: new ManualClock() })
  t.match(next.read.messages.get(messageOf(1).author, messageOf(1).id), { body: 'text 1' })
  next.close()
  t.end()
})

test('a store of an earlier version keeps why its messages failed', (t) => {
  const database = new Database(':memory:')
  database.initTokenizer()
  migrate(database, 3)
  const message = messageOf(1, { status: 'failed' })
  const error = { code: 'contact/blocked', message: 'blocked', fix: '', exit: 77 }
  const detail = {
    status: 'failed',
    error: { ...error, retryable: false, retryAfterMs: null },
  } as const
  const store = new Store(database, new ManualClock())
  add(store, message)
  store.transact((tx) => {
    tx.journal.append({ type: 'message.status', message: message.id, detail }, 1)
  })
  migrate(database)
  const row = database.prepare('SELECT * FROM message_failure').get()
  t.match(row, { message: message.id, error: /contact\/blocked/ })
  database.close()
  t.end()
})

test('a store of an earlier version keeps what its journal and its numbers still know of losses', (t) => {
  const database = new Database(':memory:')
  database.initTokenizer()
  migrate(database, 7)
  const { author: account, conversation } = messageOf(1)
  database.exec(`
    INSERT INTO conversation (id, kind, account, created_ms) VALUES ('${conversation}', 'direct', '${account}', 0);
    INSERT INTO journal (at_ms, type, account, detail) VALUES
      (10, 'gap', NULL, '{"count":2,"reason":"quota"}'),
      (11, 'gap', NULL, '{"count":3,"reason":"quota"}'),
      (12, 'message.undecryptable', '${account}', '{"reason":"could not be opened","resendAsked":true}'),
      (13, 'contact.changed', '${account}', '{}');
    INSERT INTO identity_log (at_ms, account, event, other) VALUES
      (1, '${account}', 'met', NULL), (14, '${account}', 'verified', NULL);
  `)
  migrate(database)
  const store = new Store(database, new ManualClock())
  const range = { fromMs: 0, untilMs: 100, limit: 100, skip: 0 }
  t.match(store.read.timeline.page({ conversation, account, ...range }), [
    { atMs: 10, count: 2, happening: { kind: 'gap', reason: 'quota' } },
    { atMs: 11, count: 3, happening: { kind: 'gap', reason: 'quota' } },
    { atMs: 12, count: 1, happening: { kind: 'undecryptable', resendAsked: true }, filled: 0 },
    { atMs: 14, happening: { kind: 'identity', change: 'verified', other: null } },
  ])
  database.close()
  t.end()
})
