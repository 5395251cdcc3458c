import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { equalBytes } from '@sotto/protocol'
import { test } from 'tap'
import { createAccountFolder, keyPath } from '../../src/home/home.js'
import {
  createStoreKey,
  findKeyPlace,
  forgetStoreKey,
  readStoreKey,
} from '../../src/home/key-vault.js'
import { keyringOf, noKeyring, osKeyring, type Keyring } from '../../src/home/keyring.js'
import { refusalOf } from '../net/awaiting.js'
import { MemoryKeyring, random, tempHome } from './temp-home.js'

test('the key goes into the keyring, under a name that tells nothing', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const keyring = new MemoryKeyring()
  const made = await createStoreKey(folder, { random, keyring })
  t.match(made, { keyIn: 'keyring', warning: undefined })
  t.notOk(existsSync(keyPath(folder)))
  t.same([...keyring.secrets.keys()], [folder.name])
  const read = await readStoreKey(folder, { keyring })
  t.equal(read.keyIn, 'keyring')
  t.ok(equalBytes(read.key.reveal(), made.key.reveal()))
})

test('without a keyring the key goes into a file of this user, with one line of warning', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const made = await createStoreKey(folder, { random, keyring: noKeyring })
  t.equal(made.keyIn, 'file')
  t.match(made.warning, /^warning: [^\n]*$/)
  t.equal(statSync(keyPath(folder)).mode & 0o777, 0o600)
  t.same(new Uint8Array(readFileSync(keyPath(folder))), made.key.reveal())
  const read = await readStoreKey(folder, { keyring: noKeyring })
  t.match(read, { keyIn: 'file', warning: undefined })
  t.ok(equalBytes(read.key.reveal(), made.key.reveal()))
})

test('a keyring that forgets what it was told is none', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const forgetful: Keyring = {
    write: async () => undefined,
    read: async () => undefined,
    erase: async () => undefined,
  }
  t.equal((await createStoreKey(folder, { random, keyring: forgetful })).keyIn, 'file')
})

test('where a key would rest is tried out, and nothing is left of the trial', async (t) => {
  const keyring = new MemoryKeyring()
  t.equal(await findKeyPlace({ keyring }), 'keyring')
  t.equal(keyring.secrets.size, 0)
  t.equal(await findKeyPlace({ keyring: noKeyring }), 'file')
})

const mayHaveKeyring =
  process.platform !== 'linux' || process.env.DBUS_SESSION_BUS_ADDRESS !== undefined

test('a machine without a Secret Service has no keyring', { skip: mayHaveKeyring }, async (t) => {
  const folder = createAccountFolder(tempHome(t))
  await t.rejects(osKeyring.read(folder.name))
  t.equal((await createStoreKey(folder, { random, keyring: osKeyring })).keyIn, 'file')
})

test('the environment may turn the keyring off', async (t) => {
  t.equal(keyringOf({ SOTTO_KEYRING: 'off' }), noKeyring)
  t.equal(keyringOf({}), osKeyring)
})

test('where there is a key file, no keyring is asked', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  await createStoreKey(folder, { random, keyring: noKeyring })
  const untouchable: Keyring = {
    write: () => Promise.reject(new Error('asked')),
    read: () => Promise.reject(new Error('asked')),
    erase: () => Promise.reject(new Error('asked')),
  }
  t.equal((await readStoreKey(folder, { keyring: untouchable })).keyIn, 'file')
})

test('a key file that others could read is closed, with a warning', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  await createStoreKey(folder, { random, keyring: noKeyring })
  chmodSync(keyPath(folder), 0o644)
  t.match((await readStoreKey(folder)).warning, /^warning: other users could read/)
  t.equal(statSync(keyPath(folder)).mode & 0o777, 0o600)
  t.equal((await readStoreKey(folder)).warning, undefined)
})

test('a key that is nowhere is a locked store', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const missing = await refusalOf(readStoreKey(folder, { keyring: new MemoryKeyring() }))
  t.match(missing, { code: 'store/locked', exitCode: 86 })
  const unreachable = await refusalOf(readStoreKey(folder, { keyring: noKeyring }))
  t.match(unreachable, { code: 'store/locked', message: /cannot be reached/ })
})

test('a key file that was cut is refused', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  writeFileSync(keyPath(folder), new Uint8Array(31))
  t.match(await refusalOf(readStoreKey(folder)), { code: 'store/locked' })
})

test('a forgotten key is gone from the keyring', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const keyring = new MemoryKeyring()
  await createStoreKey(folder, { random, keyring })
  await forgetStoreKey(folder, { keyring })
  t.equal(keyring.secrets.size, 0)
  await forgetStoreKey(folder, { keyring: noKeyring })
})

test('whatever prints a store key prints no key', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const made = await createStoreKey(folder, { random, keyring: noKeyring })
  t.match(inspect(made), /key: \[secret\]/)
  t.match(JSON.stringify(made), /"key":"\[secret\]"/)
})
