import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from '@signalapp/sqlcipher'
import t, { type Test } from 'tap'
import { base64url } from '@sotto/protocol'
import { makeBackup } from '../../src/backup/make-backup.js'
import { restoreBackup, type RestoreOptions } from '../../src/backup/restore-backup.js'
import { readKeys } from '../../src/keys.js'
import { random, registeredAccount, submission } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testFolder, testRelay } from '../harness/test-relay.js'

const NOW_MS = Date.UTC(2026, 10, 22)

interface Scene {
  readonly folder: string
  readonly file: string
  readonly rootKey: string
}

/** A relay with an account that was backed up, and then had another. */
async function backedUp(t: Test, { withKeys = false } = {}): Promise<Scene> {
  const folder = testFolder(t)
  const file = join(testFolder(t), 'relay.backup')
  const relay = await testRelay(t, { folder })
  await registeredAccount(relay)
  makeBackup({ folder, file, withKeys, nowMs: NOW_MS })
  await registeredAccount(relay)
  await relay.close()
  return { folder, file, rootKey: base64url(relay.rootKey) }
}

function restore(scene: Pick<Scene, 'folder' | 'file'>, more: Partial<RestoreOptions> = {}) {
  const { folder, file } = scene
  return restoreBackup({ folder, file, nowMs: NOW_MS, random, ...more })
}

/** Accounts in a folder as a relay finds it that starts on it now; the decoy is none. */
async function accountsIn(t: Test, folder: string): Promise<{ accounts: number; epoch: number }> {
  const relay = await testRelay(t, { folder })
  await relay.close()
  const database = new Database(join(folder, 'relay.db'))
  const accounts = database
    .prepare('SELECT count(*) - 1 FROM account', { pluck: true })
    .get<number>()
  const epoch = database
    .prepare("SELECT value FROM meta WHERE name = 'epoch'", { pluck: true })
    .get<number>()
  database.close()
  return { accounts: accounts ?? -1, epoch: epoch ?? -1 }
}

t.test('a backup is for its user only, and holds no keys unless asked for', async (t) => {
  const scene = await backedUp(t)
  const keyFile = JSON.parse(
    readFileSync(join(scene.folder, 'keys', 'relay.json'), 'utf8'),
  ) as object
  const text = readFileSync(scene.file, 'latin1')

  t.equal(statSync(scene.file).mode & 0o777, 0o600)
  t.notOk(Object.values(keyFile).some((key) => typeof key === 'string' && text.includes(key)))
  t.notOk(existsSync(`${scene.file}.partial`))
})

t.test(
  'what was restored is what was backed up, in a new epoch, and the rest is kept',
  async (t) => {
    const scene = await backedUp(t)

    const restored = restore(scene)

    t.match(restored, { madeMs: NOW_MS, keysFromBackup: false })
    t.same(await accountsIn(t, scene.folder), { accounts: 1, epoch: restored.epoch })
    t.ok(restored.epoch > 1)
    t.same(readdirSync(restored.kept ?? ''), ['relay.db'])
    t.equal(statSync(join(scene.folder, 'relay.db')).mode & 0o777, 0o600)
  },
)

t.test('the same backup restored twice begins another epoch each time', async (t) => {
  const scene = await backedUp(t)

  const [first, second] = [restore(scene), restore(scene)]

  t.not(first.epoch, second.epoch)
})

t.test('on a new machine a backup with keys is all that is needed', async (t) => {
  const scene = await backedUp(t, { withKeys: true })
  const folder = join(testFolder(t), 'new', 'data')

  const restored = restore({ folder, file: scene.file })

  t.match(restored, { keysFromBackup: true, kept: undefined })
  t.equal(base64url(readKeys(folder).rootKey), scene.rootKey)
  t.equal((await accountsIn(t, folder)).accounts, 1)
})

t.test('a backup without keys is not put into a folder without keys', async (t) => {
  const { file } = await backedUp(t)
  const folder = testFolder(t)

  t.throws(() => restore({ folder, file }), { code: 'backup/keys', exitCode: 65 })
  t.notOk(existsSync(join(folder, 'relay.db')))
})

t.test('a backup of another relay is refused, and nothing changes', async (t) => {
  const scene = await backedUp(t)
  const { file } = await backedUp(t)

  t.throws(() => restore({ folder: scene.folder, file }), { code: 'backup/keys' })
  t.equal((await accountsIn(t, scene.folder)).accounts, 2)
})

const SPOILT: Readonly<Record<string, (file: string) => void>> = {
  'cut off': (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  'written over': (file) => {
    const bytes = readFileSync(file)
    bytes.fill(0x55, 3 * 4096, 9 * 4096)
    writeFileSync(file, bytes)
  },
  'something else': (file) => writeFileSync(file, 'not a database, but long enough to be read\n'),
  empty: (file) => writeFileSync(file, ''),
}

for (const [how, spoil] of Object.entries(SPOILT)) {
  t.test(`a backup that is ${how} is refused, and nothing changes`, async (t) => {
    const scene = await backedUp(t)
    spoil(scene.file)

    t.throws(() => restore(scene), { code: 'backup/invalid', exitCode: 65 })
    t.equal((await accountsIn(t, scene.folder)).accounts, 2)
  })
}

t.test('a copy of a database is no backup: nobody can say whose it is', async (t) => {
  const scene = await backedUp(t)

  t.throws(() => restore({ folder: scene.folder, file: join(scene.folder, 'relay.db') }), {
    code: 'backup/invalid',
  })
})

t.test('a backup of a newer relay is refused', async (t) => {
  const scene = await backedUp(t)
  const database = new Database(scene.file)
  database.pragma('user_version = 999')
  database.close()

  t.throws(() => restore(scene), { code: 'store/newer', exitCode: 78 })
})

t.test('nothing is restored below a relay that runs', async (t) => {
  const scene = await backedUp(t)
  await testRelay(t, { folder: scene.folder })

  t.throws(() => restore(scene), { code: 'account/busy', exitCode: 83 })
})

t.test('a backup never goes over another file', async (t) => {
  const { folder, file } = await backedUp(t)

  t.throws(() => makeBackup({ folder, file, withKeys: false, nowMs: NOW_MS }), {
    code: 'file/exists',
  })
})

t.test(
  'a backup into a folder that is not there names that folder, and not the relay’s',
  async (t) => {
    const { folder } = await backedUp(t)
    const file = join(testFolder(t), 'none', 'backup')

    t.throws(() => makeBackup({ folder, file, withKeys: false, nowMs: 0 }), {
      code: 'file/unknown',
      exitCode: 66,
      message: `there is no folder for ${file}`,
    })
  },
)

t.test('what a backup that died left behind goes with the next one', async (t) => {
  const { folder, file } = await backedUp(t)
  rmSync(file)
  writeFileSync(`${file}.partial`, 'half of it')

  makeBackup({ folder, file, withKeys: false, nowMs: NOW_MS })

  t.notOk(existsSync(`${file}.partial`))
  t.equal(restore({ folder, file }).madeMs, NOW_MS)
})

t.test('an envelope that was accepted before a backup waits in it', async (t) => {
  const folder = testFolder(t)
  const file = join(folder, 'relay.backup')
  const relay = await testRelay(t, { folder })
  const bob = await registeredAccount(relay)
  const sender = await TestDoor.open(relay.url, 'anonymous')
  const before = bob.envelope()
  await sender.expect(submission(bob, [before]), 'submitted')
  makeBackup({ folder, file, withKeys: false, nowMs: NOW_MS })
  await sender.expect(submission(bob, [bob.envelope()]), 'submitted')
  await relay.close()

  restore({ folder, file })
  const restored = await testRelay(t, { folder })
  const door = await TestDoor.login(restored.url, bob)
  const delivered = await door.next('deliver')
  await door.next('queueEmpty')

  t.same(Buffer.from(delivered.body), Buffer.from(before.body))
  t.equal(door.count('deliver'), 0)
})

/** The same, of a relay that was killed: what it committed last is in its log only. */
async function backedUpAndKilled(t: Test): Promise<Scene> {
  const file = join(testFolder(t), 'relay.backup')
  const relay = await testRelay(t)
  await registeredAccount(relay)
  makeBackup({ folder: relay.folder, file, withKeys: false, nowMs: NOW_MS })
  await registeredAccount(relay)
  const folder = join(testFolder(t), 'data')
  cpSync(relay.folder, folder, { recursive: true, filter: (from) => !from.endsWith('.sock') })
  return { folder, file, rootKey: base64url(relay.rootKey) }
}

/** The steps of a restore, in their order. */
function stepsOf(scene: Scene): readonly string[] {
  const steps: string[] = []
  restore(scene, { onStep: (step) => steps.push(step) })
  return steps
}

const DIED = { message: 'unexpected: died' }

function dieAt(index: number): (step: string) => void {
  let count = 0
  return () => {
    if (count++ === index) throw new Error('died')
  }
}

t.test('a restore that dies at any step leaves what was there or what was restored', async (t) => {
  const steps = stepsOf(await backedUpAndKilled(t))
  const decided = steps.indexOf('decide') + 1
  t.ok(decided > 3 && steps.length > decided + 3, steps.join(', '))
  for (const [index, step] of steps.entries()) {
    const scene = await backedUpAndKilled(t)
    t.throws(() => restore(scene, { onStep: dieAt(index) }), DIED, `it dies before: ${step}`)

    const found = await accountsIn(t, scene.folder)

    t.equal(found.accounts, index < decided ? 2 : 1, `after dying before: ${step}`)
    t.equal(found.epoch > 1, index >= decided)
    const left = readdirSync(scene.folder)
    t.same(
      left.filter((name) => /incoming|ready|replaced\.new/.test(name)),
      [],
    )
    t.equal(left.filter((name) => name.startsWith('replaced-')).length, index < decided ? 0 : 1)
  }
})

t.test(
  'what an interrupted restore began, the next start brings to its end whenever it dies',
  async (t) => {
    const steps = stepsOf(await backedUpAndKilled(t))
    const decided = steps.indexOf('decide') + 1
    for (const index of steps.slice(decided).keys()) {
      const scene = await backedUpAndKilled(t)
      t.throws(() => restore(scene, { onStep: dieAt(decided) }), DIED)

      t.throws(() => restore(scene, { onStep: dieAt(index) }), DIED, 'the next restore dies too')

      t.equal((await accountsIn(t, scene.folder)).accounts, 1)
    }
  },
)
