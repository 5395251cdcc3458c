import { existsSync, readFileSync, statSync } from 'node:fs'
import { test } from 'tap'
import { add, beginStore, messageOf } from './scene.js'

const MARKER = 'zanzibarmarkertext'

test('a whole store has no faults, and says how large it is', async (t) => {
  const { store, path } = beginStore(t)
  add(store, ...Array.from({ length: 50 }, (_, index) => messageOf(index)))
  t.same(store.condition.faults(), { file: [], search: false })
  store.condition.checkpoint()
  const sizes = store.condition.sizes()
  t.equal(sizes.databaseBytes, statSync(path).size)
  t.ok(sizes.searchBytes > 0)
  t.match(store.read.counts.all(), { messages: 50, oldestMs: 1_000, queued: 0 })
})

test('the files of a store are for this user alone', async (t) => {
  const { store, path } = beginStore(t)
  add(store, messageOf(1))
  const modes = [path, `${path}-wal`].map((file) => statSync(file).mode & 0o777)
  t.same(modes, [0o600, 0o600])
})

test('a search index that lost its words is noticed, and made anew', async (t) => {
  const { store, database } = beginStore(t)
  add(store, messageOf(1, { body: MARKER }))
  database.exec(`INSERT INTO message_search (message_search, rowid, body)
    SELECT 'delete', row, body FROM message`)
  t.same(store.condition.faults(), { file: [], search: true })
  store.condition.rebuildSearch()
  t.same(store.condition.faults(), { file: [], search: false })
})

test('space that came free goes back to the disk, and what was said stays', async (t) => {
  const { store, database, path } = beginStore(t)
  const body = 'x'.repeat(4000)
  add(store, ...Array.from({ length: 300 }, (_, index) => messageOf(index, { body })))
  add(store, messageOf(1000, { body: MARKER }))
  store.condition.checkpoint()
  const fullBytes = statSync(path).size
  database.exec(`DELETE FROM message WHERE body = '${body}'`)

  t.equal(store.condition.compact(), true)

  t.ok(statSync(path).size < fullBytes / 2)
  t.equal(store.condition.sizes().walBytes, 0)
  t.equal(store.read.counts.all().messages, 1)
  t.same(store.condition.faults(), { file: [], search: false })
  t.equal(store.condition.compact(), false, 'and there is nothing more to give back')
})

test('a deleted message is in no page of the store any more, nor in its search index', async (t) => {
  const { store, database, path } = beginStore(t)
  t.equal(database.pragma('secure_delete', { simple: true }), 1)
  add(store, messageOf(1, { body: `${MARKER} was here` }), messageOf(2, { body: 'this one stays' }))
  const plain = `${path}.plain`
  const exported = (name: string): Buffer => {
    database.exec(`ATTACH DATABASE '${name}' AS plain KEY ''`)
    database.exec(`SELECT sqlcipher_export('plain')`)
    database.exec('DETACH DATABASE plain')
    return readFileSync(name)
  }
  t.ok(exported(`${plain}.1`).includes(MARKER), 'what is there is found')

  database.exec('DELETE FROM message WHERE row = 1')

  const after = exported(`${plain}.2`)
  t.notOk(after.includes(MARKER))
  t.notOk(after.includes('zanzibar'))
  t.ok(after.includes('this one stays'))
  t.ok(existsSync(path))
})
