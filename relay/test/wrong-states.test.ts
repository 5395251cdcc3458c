import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from '@signalapp/sqlcipher'
import t, { type Test } from 'tap'
import { openKeys } from '../src/keys.js'
import { MIGRATIONS } from '../src/migrations/index.js'
import { registeredAccount } from './harness/test-account.js'
import { runRelay } from './harness/relay-process.js'
import { testFolder, testRelay } from './harness/test-relay.js'

/** A folder with an account, of a relay that has ended. */
async function usedFolder(t: Test): Promise<string> {
  const relay = await testRelay(t)
  await registeredAccount(relay)
  await relay.close()
  return relay.folder
}

function start(folder: string, as: { readonly uid?: number } = {}) {
  return runRelay(['--listen', '127.0.0.1:0', '--data', folder], as)
}

function change(folder: string, sql: string): void {
  const database = new Database(join(folder, 'relay.db'))
  database.exec(sql)
  database.close()
}

interface WrongState {
  readonly spoil: (folder: string, t: Test) => unknown
  readonly exit: number
  readonly says: readonly RegExp[]
}

const STATES: Readonly<Record<string, WrongState>> = {
  'a database that is no database': {
    spoil: (folder) => writeFileSync(join(folder, 'relay.db'), 'x'.repeat(50_000)),
    exit: 74,
    says: [/store\/damaged/, /admin restore/],
  },
  'a database whose pages are damaged': {
    spoil: (folder) => {
      const path = join(folder, 'relay.db')
      const database = readFileSync(path)
      writeFileSync(path, database.fill(0xff, 4096))
    },
    exit: 74,
    says: [/store\/damaged/, /admin restore/],
  },
  'a database of a newer relay': {
    spoil: (folder) => change(folder, 'PRAGMA user_version = 999'),
    exit: 78,
    says: [/store\/newer/, /Use the newer version/],
  },
  'keys that were lost': {
    spoil: (folder) => rmSync(join(folder, 'keys'), { recursive: true }),
    exit: 74,
    says: [/store\/damaged/, /Restore the keys folder/],
  },
  'keys that are damaged': {
    spoil: (folder) => writeFileSync(join(folder, 'keys', 'relay.json'), '{"version":1}'),
    exit: 74,
    says: [/store\/damaged/, /Restore the keys folder/],
  },
  'keys of another relay': {
    spoil: async (folder, t) => {
      const other = await testRelay(t)
      cpSync(join(other.folder, 'keys'), join(folder, 'keys'), { recursive: true })
    },
    exit: 74,
    says: [/keys are of another relay/, /Put back the keys folder/],
  },
}

for (const [what, { spoil, exit, says }] of Object.entries(STATES)) {
  t.test(`${what}: the relay does not start, and says what to do`, async (t) => {
    const folder = await usedFolder(t)
    await spoil(folder, t)

    const { code, output } = await start(folder)

    t.equal(code, exit)
    for (const each of says) t.match(output, each)
    t.match(output, `"event":"relay.not-started","exit":${exit}`)
  })
}

const ONLY_ROOT = { skip: process.getuid?.() === 0 ? false : 'only root can be another user' }

t.test(
  'a folder that cannot be written to: the relay does not start, and says what to do',
  ONLY_ROOT,
  async (t) => {
    const folder = testFolder(t)
    chmodSync(folder, 0o755)

    const { code, output } = await start(folder, { uid: 65_534 })

    t.equal(code, 74)
    t.match(output, /store\/failed[^]*have to be writable by this user/)
    t.match(output, '"event":"relay.not-started","exit":74')
  },
)

t.test('a database of an older relay is brought forward, and keeps what it has', async (t) => {
  const folder = testFolder(t)
  const first = MIGRATIONS.slice(0, 2).join('')
  openKeys(folder)
  change(folder, `${first}; UPDATE meta SET value = 7; PRAGMA user_version = 2`)

  const relay = await testRelay(t, { folder })
  await relay.createSignupCode({ uses: 1, expiresMs: Date.now() + 1_000 })
  await relay.close()

  const database = new Database(join(folder, 'relay.db'))
  t.equal(database.pragma('user_version', { simple: true }), MIGRATIONS.length)
  const epoch = "SELECT value FROM meta WHERE name = 'epoch'"
  t.equal(database.prepare(epoch, { pluck: true }).get<number>(), 7)
  database.close()
})
