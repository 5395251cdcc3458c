import { test } from 'tap'
import { replaceFile } from '../../src/home/files.js'
import { labelPath, setDefaultFolder } from '../../src/home/home.js'
import { noKeyring } from '../../src/home/keyring.js'
import { openAllFolders, resolveAccount } from '../../src/home/resolve-account.js'
import { refusalOf } from '../net/awaiting.js'
import { labelOf, makeAccount, MemoryKeyring, tempHome } from './temp-home.js'

const ALICE = '0a11ce00-0000-8000-8000-00000000000a'
const ALSO_ALICE = '0a11ce99-0000-8000-8000-00000000000c'
const BOB = '0b0b0000-0000-8000-8000-00000000000b'

test('an account is found by username, by id and by the beginning of its id', async (t) => {
  const home = tempHome(t)
  await makeAccount(home, labelOf('Alice.42', ALICE))
  await makeAccount(home, labelOf('bob.77', BOB))
  const resolved = async (name: string): Promise<string> =>
    (await resolveAccount(home, name)).label.account
  t.equal(await resolved('alice.42'), ALICE)
  t.equal(await resolved('@ALICE.42'), ALICE)
  t.equal(await resolved(ALICE), ALICE)
  t.equal(await resolved(`acct:${BOB}`), BOB)
  t.equal(await resolved('0b0b00'), BOB)
})

test('an account that is not here is none, with what to do', async (t) => {
  const home = tempHome(t)
  const nobody = await refusalOf(resolveAccount(home, undefined))
  t.match(nobody, { code: 'account/none', exitCode: 84, fix: /sotto account create --relay/ })
  await makeAccount(home, labelOf('alice.42', ALICE))
  const other = await refusalOf(resolveAccount(home, 'bob.77'))
  t.match(other, { code: 'account/none', fix: /sotto account list/ })
  t.match(await refusalOf(resolveAccount(home, '0a11c')), { code: 'account/none' })
  t.match(await refusalOf(resolveAccount(home, 'alice.4')), { code: 'account/none' })
})

test('among several accounts somebody must choose', async (t) => {
  const home = tempHome(t)
  await makeAccount(home, labelOf('alice.42', ALICE, 1))
  const bob = await makeAccount(home, labelOf('bob.77', BOB, 2))
  await makeAccount(home, labelOf('alice.42', ALSO_ALICE, 3))
  const unnamed = await refusalOf(resolveAccount(home, undefined))
  t.match(unnamed, { code: 'account/ambiguous', exitCode: 84, message: /bob\.77/ })
  const sameName = await refusalOf(resolveAccount(home, 'alice.42'))
  t.match(sameName, { code: 'account/ambiguous', message: new RegExp(ALSO_ALICE) })
  t.match(await refusalOf(resolveAccount(home, '0a11ce')), { code: 'account/ambiguous' })
  setDefaultFolder(home, bob.folder)
  t.equal((await resolveAccount(home, undefined)).label.account, BOB)
})

test('a damaged account hides no other', async (t) => {
  const home = tempHome(t)
  const alice = await makeAccount(home, labelOf('alice.42', ALICE))
  await makeAccount(home, labelOf('bob.77', BOB))
  replaceFile(labelPath(alice.folder), Uint8Array.of(1, 2, 3))
  t.equal((await resolveAccount(home, 'bob.77')).label.account, BOB)
  t.match(await refusalOf(resolveAccount(home, 'alice.42')), { code: 'store/locked' })
})

test('an account whose key is away is locked, and hides no other', async (t) => {
  const home = tempHome(t)
  const keyring = new MemoryKeyring()
  await makeAccount(home, labelOf('alice.42', ALICE), keyring)
  await makeAccount(home, labelOf('bob.77', BOB))
  const options = { keyring: noKeyring }
  t.equal((await resolveAccount(home, 'bob.77', options)).label.account, BOB)
  t.match(await refusalOf(resolveAccount(home, 'alice.42', options)), { code: 'store/locked' })
  const listed = await openAllFolders(home, options)
  t.same([listed.accounts.length, listed.closed], [1, 1])
})
