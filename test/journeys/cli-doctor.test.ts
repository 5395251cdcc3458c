import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { test } from 'tap'

import {
  filesBelow,
  makePerson,
  sotto,
  startRelay,
  startSotto,
  succeed,
  tempDir,
  type Outcome,
} from '../harness/index.js'
import { schemaFaults } from './support/schemas.js'

interface Line {
  readonly check: {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly fix: string | null
  }
}

const statusOf = (outcome: Outcome, name: string): string | undefined =>
  outcome.jsonLines<Line>().find(({ check }) => check.name === name)?.check.status

test('a healthy account has no errors, for people and for programs', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  await succeed(alice.run(['receive']))

  const examined = await succeed(alice.run(['doctor', '--json']))
  const forPeople = await succeed(alice.run(['doctor']))

  t.same(schemaFaults('doctor', examined.stdout), [])
  for (const name of ['node', 'parts', 'config', 'permissions', 'account', 'store', 'search'])
    t.equal(statusOf(examined, name), 'ok', name)
  for (const name of ['outbox', 'quarantine', 'prekeys', 'certificate', 'relay', 'clock'])
    t.equal(statusOf(examined, name), 'ok', name)
  t.match(forPeople.stdout, /^✓ node {8}Node \d+/)
  t.match(forPeople.stdout, /^✓ relay {7}http.* answers, with the root key we know$/m)
})

test('a relay that is away, and a configuration with faults, are errors with a fix', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  await relay.stop()
  writeFileSync(join(alice.home, 'config.toml'), 'timout = "5s"\n')

  const examined = await alice.run(['doctor', '--json'])

  t.equal(examined.code, 1)
  const broken = examined.jsonLines<Line>().filter(({ check }) => check.status === 'error')
  t.match(broken, [
    { check: { name: 'config', message: /config\.toml:1: .*timeout/ } },
    { check: { name: 'relay', message: /connection refused/, fix: /relay runs/ } },
  ])
  t.equal(statusOf(examined, 'store'), 'ok')
})

test('without an account, and with a locked one, the rest is looked at all the same', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const passphrase = join(dir, 'passphrase')
  writeFileSync(passphrase, 'open sesame\n', { mode: 0o600 })
  const home = join(dir, 'locked')
  const create = ['account', 'create', '--relay', relay.url, '--passphrase-file', passphrase]
  await succeed(sotto(home, create))

  const none = await succeed(sotto(join(dir, 'none'), ['doctor', '--json']))
  const locked = await succeed(sotto(home, ['doctor', '--json']))
  const opened = await succeed(sotto(home, ['doctor', '--json', '--passphrase-file', passphrase]))

  t.equal(statusOf(none, 'account'), 'warning')
  t.equal(statusOf(none, 'parts'), 'ok')
  t.equal(statusOf(locked, 'store'), 'warning')
  t.equal(statusOf(opened, 'store'), 'ok')
  t.notOk(existsSync(join(dir, 'none', 'accounts')), 'looking makes no home')
})

test('the owner of an account is asked, and keeps it', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const owner = startSotto(t, alice.home, [
    'receive',
    '--follow',
    '--json',
    '--type',
    'backlog.done',
  ])
  await owner.line((line) => line.includes('backlog.done'))

  const examined = await succeed(alice.run(['doctor', '--fix', '--json']))

  t.match(examined.stdout, / is open in the process that owns it/)
  t.equal(statusOf(examined, 'relay'), 'ok')
  await succeed(alice.run(['send', 'me', 'it still serves']))
  t.equal((await owner.stop()).code, 143)
})

test('what a crash left and what others could read is put right with --fix, and only then', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const [store = ''] = filesBelow(alice.home).filter((path) => path.endsWith('store.db'))
  const folder = dirname(store)
  const staged = join(folder, '.key.0123456789ab')
  const begun = join(dirname(folder), 'abcdefgh')
  const note = join(folder, 'owner.json')
  writeFileSync(staged, 'half a key', { mode: 0o600 })
  mkdirSync(begun, { mode: 0o700 })
  writeFileSync(note, JSON.stringify({ pid: 2 ** 30, command: 'chat', since: '2026-01-01' }))
  chmodSync(store, 0o644)

  const before = await succeed(alice.run(['doctor', '--json', '--no-daemon']))
  t.equal(statusOf(before, 'permissions'), 'warning')
  t.equal(statusOf(before, 'leftovers'), 'warning')
  t.equal(statusOf(before, 'owner'), 'warning')
  t.ok(existsSync(staged))
  writeFileSync(note, JSON.stringify({ pid: 2 ** 30, command: 'chat', since: '2026-01-01' }))

  const fixed = await succeed(alice.run(['doctor', '--fix', '--json', '--no-daemon']))
  for (const name of ['permissions', 'leftovers', 'owner'])
    t.equal(statusOf(fixed, name), 'ok', name)
  t.notOk(existsSync(staged))
  t.notOk(existsSync(begun))
  t.equal(statSync(store).mode & 0o777, 0o600)
  t.equal((await alice.run(['send', 'me', 'all is well'])).code, 0)
})

test('a damaged store is an error, and is not repaired by guessing', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const [key = ''] = filesBelow(alice.home).filter((path) => path.endsWith('/key'))
  writeFileSync(key, Buffer.alloc(32, 7))

  const examined = await alice.run(['doctor', '--fix', '--json'])

  t.equal(examined.code, 1)
  t.equal(statusOf(examined, 'store'), 'error')
})

test('a relay that shows another root key is an error, and nothing is to be sent to it', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  await relay.stop()
  await startRelay(t, { dir: join(dir, 'another'), port: relay.port })

  const examined = await alice.run(['doctor', '--json'])

  const relayLine = examined.jsonLines<Line>().find(({ check }) => check.name === 'relay')
  t.equal(examined.code, 1)
  t.match(relayLine?.check, {
    ...{ status: 'error', message: /another root key/ },
    fix: /Send nothing/,
  })
})
