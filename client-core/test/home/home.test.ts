import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hex, SecretBytes, utf8 } from '@sotto/protocol'
import { test } from 'tap'
import { replaceFile, stageFile } from '../../src/home/files.js'
import {
  createAccountFolder,
  defaultAccount,
  defaultFolder,
  homeWarnings,
  labelPath,
  listAccountFolders,
  listUnfinishedFolders,
  removeAccountFolder,
  setDefaultFolder,
} from '../../src/home/home.js'
import { parseLabel, readLabel, writeLabel } from '../../src/home/label.js'
import { acquireOwner } from '../../src/home/owner-lock.js'
import { allBytesUnder, labelOf, makeAccount, tempHome } from './temp-home.js'

const ALICE = '0a11ce00-0000-8000-8000-00000000000a'
const BOB = '0b0b0000-0000-8000-8000-00000000000b'
const FILES = new URL('../../src/home/files.js', import.meta.url).href

const modeOf = (path: string): number => statSync(path).mode & 0o777

test('a home that does not exist has no accounts', async (t) => {
  const home = tempHome(t)
  t.same(listAccountFolders(home), [])
  t.same(listUnfinishedFolders(home), [])
  t.equal(defaultAccount(home), undefined)
  t.same(homeWarnings(home), [])
})

test('folders are for this user alone, and so are files', async (t) => {
  const home = tempHome(t)
  const { folder } = await makeAccount(home, labelOf('alice.42', ALICE))
  const owner = acquireOwner(folder, { command: 'receive', pid: process.pid })
  setDefaultFolder(home, folder)
  t.same(
    [home.dataDir, join(home.dataDir, 'accounts'), folder.path].map(modeOf),
    [0o700, 0o700, 0o700],
  )
  const files = readdirSync(folder.path).sort()
  t.same(files, ['key', 'label', 'owner.db', 'owner.json'])
  t.same(
    files.map((name) => modeOf(join(folder.path, name))),
    [0o600, 0o600, 0o600, 0o600],
  )
  t.equal(modeOf(join(home.dataDir, 'default')), 0o600)
  owner.release()
})

test('no name and no file of a home tells username, account or relay', async (t) => {
  const home = tempHome(t)
  const { folder } = await makeAccount(home, labelOf('alice.42', ALICE))
  const owner = acquireOwner(folder, { command: 'receive', pid: process.pid })
  setDefaultFolder(home, folder)
  const heap = allBytesUnder(home.dataDir)
  const secrets = ['alice', 'Alice', ALICE, 'relay.example', ALICE.replaceAll('-', '')]
  t.same(
    secrets.filter((secret) => heap.includes(secret)),
    [],
  )
  t.notOk(heap.includes(Buffer.from(ALICE.replaceAll('-', ''), 'hex')))
  owner.release()
})

test('a label that does not say when is damaged', async (t) => {
  const label = { ...labelOf('alice.42', ALICE), relayRoot: 'A'.repeat(44) }
  const plain = (more: object) => utf8(JSON.stringify({ ...label, ...more }))
  t.equal(parseLabel(plain({})).createdAtMs, label.createdAtMs)
  for (const createdAtMs of ['soon', null, 0.5, undefined])
    t.throws(() => parseLabel(plain({ createdAtMs })), { code: 'store/damaged' })
})

test('a short name and a long one have labels of the same size', async (t) => {
  const home = tempHome(t)
  const short = await makeAccount(home, labelOf(null, ALICE))
  const long = await makeAccount(home, {
    ...labelOf(`${'b'.repeat(32)}.123456789`, BOB),
    ...{ name: '\ud83d\ude00'.repeat(64), status: '"'.repeat(256) },
  })
  t.equal(statSync(labelPath(short.folder)).size, statSync(labelPath(long.folder)).size)
})

test('an account counts from its label on', async (t) => {
  const home = tempHome(t)
  const folder = createAccountFolder(home)
  t.same(listAccountFolders(home), [])
  t.same(listUnfinishedFolders(home), [folder])
  writeLabel(folder, new SecretBytes(new Uint8Array(32)), labelOf(null, ALICE))
  t.same(listAccountFolders(home), [folder])
  t.same(listUnfinishedFolders(home), [])
})

test('removing an account leaves nothing of it', async (t) => {
  const home = tempHome(t)
  const { folder } = await makeAccount(home, labelOf('alice.42', ALICE))
  removeAccountFolder(folder)
  t.notOk(existsSync(folder.path))
  removeAccountFolder(folder)
  t.same(listAccountFolders(home), [])
})

test('the default is the one that was chosen, else the only one', async (t) => {
  const home = tempHome(t)
  const alice = await makeAccount(home, labelOf('alice.42', ALICE))
  t.equal(defaultFolder(home), undefined)
  t.same(defaultAccount(home), alice.folder)
  const bob = await makeAccount(home, labelOf('bob.77', BOB))
  t.equal(defaultAccount(home), undefined)
  setDefaultFolder(home, bob.folder)
  t.same(defaultAccount(home), bob.folder)
  removeAccountFolder(bob.folder)
  t.equal(defaultFolder(home), undefined)
  t.same(defaultAccount(home), alice.folder)
})

test('a label comes back as it was written, under its key only', async (t) => {
  const home = tempHome(t)
  const label = labelOf('alice.42', ALICE, 1_700_000_000_000)
  const { folder, key } = await makeAccount(home, label)
  t.same(readLabel(folder, key), label)
  const other = new SecretBytes(new Uint8Array(32))
  t.throws(() => readLabel(folder, other), { code: 'store/locked', exitCode: 86 })
})

test('a label that could not be read back is not written', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const key = new SecretBytes(new Uint8Array(32))
  t.throws(() => writeLabel(folder, key, labelOf('not a username', ALICE)))
  t.notOk(existsSync(labelPath(folder)))
})

test('a label that was tampered with or cut is not believed', async (t) => {
  const home = tempHome(t)
  const { folder, key } = await makeAccount(home, labelOf('alice.42', ALICE))
  const sealed = readFileSync(labelPath(folder))
  sealed[40]! ^= 1
  replaceFile(labelPath(folder), sealed)
  t.throws(() => readLabel(folder, key), { code: 'store/locked' })
  replaceFile(labelPath(folder), sealed.subarray(0, 5))
  t.throws(() => readLabel(folder, key), { code: 'store/locked' })
  replaceFile(labelPath(folder), new Uint8Array(0))
  t.throws(() => readLabel(folder, key), { code: 'store/damaged' })
})

test('a process killed between writing and renaming leaves the old file', async (t) => {
  const home = tempHome(t)
  const label = labelOf('alice.42', ALICE)
  const { folder, key } = await makeAccount(home, label)
  const child = spawnSync(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { stageFile } from ${JSON.stringify(FILES)}
     stageFile(${JSON.stringify(labelPath(folder))}, new Uint8Array(1000).fill(0x58))
     process.kill(process.pid, 'SIGKILL')`,
  ])
  t.equal(child.signal, 'SIGKILL', String(child.stderr))
  t.equal(readdirSync(folder.path).filter((name) => name.startsWith('.label')).length, 1)
  t.same(readLabel(folder, key), label)
  t.same(listAccountFolders(home), [folder])
  const next = labelOf('alice.43', ALICE)
  writeLabel(folder, key, next)
  t.same(readLabel(folder, key), next)
})

test('a staged file is invisible until it is installed, and gone when it is discarded', async (t) => {
  const home = tempHome(t)
  mkdirSync(home.dataDir)
  const path = join(home.dataDir, 'file')
  replaceFile(path, utf8('old'))
  const discarded = stageFile(path, utf8('never'))
  t.equal(readFileSync(path, 'utf8'), 'old')
  discarded.discard()
  stageFile(path, utf8('new')).install()
  t.equal(readFileSync(path, 'utf8'), 'new')
  t.same(readdirSync(home.dataDir), ['file'])
})

test('a home that others can write to is warned of, and used', async (t) => {
  const home = tempHome(t)
  const folder = createAccountFolder(home)
  t.same(homeWarnings(home), [])
  chmodSync(home.dataDir, 0o777)
  t.match(homeWarnings(home), [/^warning: other users can write to .*chmod go-w/])
  t.same(listUnfinishedFolders(home), [folder])
})

test('a home that cannot be made is told so', async (t) => {
  const home = tempHome(t)
  replaceFile(home.dataDir, utf8('a file where the folder should be'))
  t.throws(() => createAccountFolder(home), { code: 'store/failed', exitCode: 74 })
})

test('the folder’s name is random and says nothing', async (t) => {
  const home = tempHome(t)
  const [one, two] = [createAccountFolder(home), createAccountFolder(home)]
  t.match(one.name, /^[a-z2-7]{8}$/)
  t.not(one.name, two.name)
  t.equal(hex(utf8(one.name)).length, 16)
})
