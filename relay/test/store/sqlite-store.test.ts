import t from 'tap'
import { openDatabase } from '../../src/store/sqlite/database.js'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.js'
import { testFolder } from '../harness/test-relay.js'
import { storeContract } from './store.contract.js'

t.test('the SQLite store', async (t) => {
  storeContract(t, { open: openSqliteStore, folder: () => testFolder(t) })
})

t.test('every opening writes ahead and syncs in full, the second too', async (t) => {
  const folder = testFolder(t)
  openDatabase(folder).close()

  const again = openDatabase(folder)

  t.equal(again.database.pragma('journal_mode', { simple: true }), 'wal')
  t.equal(again.database.pragma('synchronous', { simple: true }), 2)
  again.close()
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
