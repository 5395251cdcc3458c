import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { equalBytes, SecretBytes, utf8 } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { keyPath, type AccountFolder } from '../../src/home/home.js'
import { isPassphraseNeeded, readStoreKey, type VaultOptions } from '../../src/home/key-vault.js'
import { noKeyring, type Keyring } from '../../src/home/keyring.js'
import { lockStoreKey, stagedKeys, unlockStoreKey } from '../../src/home/move-key.js'
import { openAllFolders, openLocked, resolveAccount } from '../../src/home/resolve-account.js'
import type { Crashpoint, CrashpointName } from '../../src/ports.js'
import { refusalOf } from '../net/awaiting.js'
import { labelOf, makeAccount, MemoryKeyring, tempHome } from './temp-home.js'

const ALICE = '0a11ce00-0000-8000-8000-00000000000a'
const BOB = '0b0b0000-0000-8000-8000-00000000000b'
const CAROL = '0ca201ff-0000-8000-8000-00000000000c'
const cost = { logN: 10, r: 8, p: 1 }

const secret = (text: string): SecretBytes => new SecretBytes(utf8(text))
const answers =
  (...texts: readonly string[]) =>
  async (attempt: number): Promise<SecretBytes | undefined> => {
    const text = texts[attempt - 1]
    return text === undefined ? undefined : secret(text)
  }
const survive: Crashpoint = () => undefined
/** As SIGKILL: nothing after the mark happens. */
const dieAt =
  (name: CrashpointName): Crashpoint =>
  (hit) => {
    if (hit === name) throw new Error('died')
  }

async function accountIn(t: Test, keyring: Keyring = noKeyring) {
  const account = await makeAccount(tempHome(t), labelOf('alice.42', ALICE), keyring)
  const opensWith = async (options: VaultOptions): Promise<boolean> => {
    const { key } = await readStoreKey(account.folder, { keyring, ...options })
    return equalBytes(key.reveal(), account.key.reveal())
  }
  return { ...account, opensWith }
}

const lock = (folder: AccountFolder, key: SecretBytes, crashpoint = survive, keyring = noKeyring) =>
  lockStoreKey(folder, key, { crashpoint, cost, keyring, under: secret('open sesame') })

test('a key in a file is locked under a passphrase, and the file without it is gone', async (t) => {
  const { folder, key, opensWith } = await accountIn(t)
  t.equal((await lock(folder, key)).keyIn, 'passphrase')

  t.ok(await opensWith({ passphrase: answers('open sesame') }))
  t.same(readdirSync(folder.path).sort(), ['key', 'label'])
  t.notOk(readFileSync(keyPath(folder)).includes(Buffer.from(key.reveal())))
  t.ok(isPassphraseNeeded(folder))
})

test('a key in the keyring is locked under a passphrase, and the keyring forgets it', async (t) => {
  const keyring = new MemoryKeyring()
  const { folder, key, opensWith } = await accountIn(t, keyring)
  await lock(folder, key, survive, keyring)

  t.equal(keyring.secrets.size, 0)
  t.ok(await opensWith({ passphrase: answers('open sesame') }))
})

test('without its passphrase the key goes back to the keyring, or to a file', async (t) => {
  const keyring = new MemoryKeyring()
  const { folder, key, opensWith } = await accountIn(t)
  await lock(folder, key)

  const inKeyring = await unlockStoreKey(folder, key, { crashpoint: survive, keyring })
  t.equal(inKeyring.keyIn, 'keyring')
  t.notOk(existsSync(keyPath(folder)))
  t.ok(await opensWith({ keyring }))

  await lock(folder, key)
  const inFile = await unlockStoreKey(folder, key, { crashpoint: survive, keyring: noKeyring })
  t.match(inFile, { keyIn: 'file', warning: /^warning: no keyring/ })
  t.ok(await opensWith({}))
})

test('a passphrase that is wrong is told apart from one that was not given', async (t) => {
  const { folder, key } = await accountIn(t)
  await lock(folder, key)

  const none = await refusalOf(readStoreKey(folder))
  const wrong = await refusalOf(readStoreKey(folder, { passphrase: answers('sesame') }))
  const thrice = await refusalOf(readStoreKey(folder, { passphrase: answers('1', '2', '3', '4') }))

  t.match(none, { code: 'store/passphrase-needed', exitCode: 86 })
  t.match(wrong, { code: 'store/passphrase-wrong', exitCode: 86 })
  t.match(thrice, { code: 'store/passphrase-wrong' })
  t.ok(await readStoreKey(folder, { passphrase: answers('1', '2', 'open sesame') }))
})

test('dying while a key in a file is locked leaves it where it was, or locked', async (t) => {
  const { folder, key, opensWith } = await accountIn(t)

  await t.rejects(lock(folder, key, dieAt('key.staged')), { message: 'died' })
  t.notOk(isPassphraseNeeded(folder))
  t.ok(await opensWith({}))

  await t.rejects(lock(folder, key, dieAt('key.placed')), { message: 'died' })
  t.ok(await opensWith({ passphrase: answers('open sesame') }))
})

test('dying while a key in the keyring is locked leaves it there, or locked', async (t) => {
  const keyring = new MemoryKeyring()
  const { folder, key, opensWith } = await accountIn(t, keyring)

  await t.rejects(lock(folder, key, dieAt('key.staged'), keyring), { message: 'died' })
  t.ok(await opensWith({}))

  await t.rejects(lock(folder, key, dieAt('key.placed'), keyring), { message: 'died' })
  t.ok(await opensWith({ passphrase: answers('open sesame') }))

  await lock(folder, key, survive, keyring)
  t.equal(keyring.secrets.size, 0, 'the next move forgets what the dead one left')
})

test('dying while a passphrase is taken away leaves it, or the key in its new place', async (t) => {
  const keyring = new MemoryKeyring()
  const { folder, key, opensWith } = await accountIn(t)
  await lock(folder, key)
  const unlock = (name: CrashpointName, into: Keyring) =>
    unlockStoreKey(folder, key, { crashpoint: dieAt(name), keyring: into })

  await t.rejects(unlock('key.placed', keyring), { message: 'died' })
  t.ok(await opensWith({ keyring, passphrase: answers('open sesame') }))
  await t.rejects(unlock('key.staged', noKeyring), { message: 'died' })
  t.ok(await opensWith({ passphrase: answers('open sesame') }))
  t.equal(stagedKeys(folder).length, 1, 'the key itself lies in a file that was not installed')
  await t.rejects(unlock('key.placed', noKeyring), { message: 'died' })
  t.ok(await opensWith({}))
  t.equal(stagedKeys(folder).length, 0, 'and the next move removes it')
})

test('a locked account hides no other, and only its own passphrase is asked for', async (t) => {
  const home = tempHome(t)
  const alice = await makeAccount(home, labelOf('alice.42', ALICE, 1))
  const bob = await makeAccount(home, labelOf('bob.42', BOB, 2))
  const carol = await makeAccount(home, labelOf('carol.42', CAROL, 3))
  await lock(bob.folder, bob.key)
  const under = secret('another')
  await lockStoreKey(carol.folder, carol.key, { crashpoint: survive, cost, under })
  const asked: number[] = []
  const source =
    (...texts: readonly string[]) =>
    async (attempt: number) => {
      asked.push(attempt)
      return answers(...texts)(attempt)
    }

  const here = await openAllFolders(home)
  t.same(
    here.accounts.map(({ label }) => label.username),
    ['alice.42'],
  )
  t.match([here.locked.length, here.closed], [2, 0])
  t.match(await openLocked(here.locked, secret('another')), [{ label: { username: 'carol.42' } }])

  const first = await resolveAccount(home, 'alice.42', { passphrase: source() })
  t.same([first.folder, asked], [alice.folder, []])
  const second = await resolveAccount(home, 'bob.42', { passphrase: source('open sesame') })
  t.same([second.folder, asked], [bob.folder, [1]])
  const third = await resolveAccount(home, 'carol.42', { passphrase: source('no', 'another') })
  t.same([third.folder, asked], [carol.folder, [1, 1, 2]])

  const needed = await refusalOf(resolveAccount(home, 'carol.42'))
  t.match(needed, { code: 'store/passphrase-needed' })
  const wrong = await refusalOf(resolveAccount(home, 'carol.42', { passphrase: answers('no') }))
  t.match(wrong, { code: 'store/passphrase-wrong' })
})

test('a key file of a newer sotto is told to be one', async (t) => {
  const { folder } = await accountIn(t)
  writeFileSync(join(folder.path, 'key'), new Uint8Array(100).fill(9))
  const refused = await refusalOf(readStoreKey(folder, { passphrase: answers('open sesame') }))
  t.match(refused, { code: 'store/locked', message: /newer sotto/ })
})
