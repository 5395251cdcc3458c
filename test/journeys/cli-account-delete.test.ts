import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import {
  filesBelow,
  isolatedEnvironment,
  makePerson,
  sotto,
  SOTTO,
  startRelay,
  startSotto,
  succeed,
  tempDir,
  type Person,
} from '../harness/index.js'
import { beginPair } from './support/pair.js'
import { openTerminal } from './support/terminal.js'

interface DeletedLine {
  readonly deleted: { readonly account: { readonly username: string }; readonly atRelay: boolean }
}

const DELETE = ['account', 'delete', '--yes', '--json']

/** The folders of accounts, whole or not. */
function foldersOf(person: Pick<Person, 'home'>): readonly string[] {
  const accounts = join(person.home, 'accounts')
  return existsSync(accounts) ? readdirSync(accounts) : []
}

test('a deleted account is gone here and at its relay, and its username is free', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'good bye']))
  await succeed(bob.run(['receive']))

  const deleted = await alice.run(DELETE)
  const listed = await alice.run(['account', 'list', '--json'])
  const written = await bob.run(['send', alice.handle, 'are you there?', '--json'])
  const carol = await makePerson(relay, dir, 'carol')
  const lookup = await carol.run(['contact', 'add', alice.handle, '--json'])
  const again = await sotto(join(dir, 'other'), [
    ...['account', 'create', '--relay', relay.url, '--username', 'alice.42'],
  ])

  t.equal(deleted.code, 0, deleted.stderr)
  t.match(deleted.json<DeletedLine>(), {
    ...{ v: 1 },
    deleted: { account: { username: 'alice.42' }, atRelay: true, export: null },
  })
  t.equal(listed.stdout, '')
  t.same(foldersOf(alice), [])
  t.match(written.error(), { code: 'relay/refused', exit: 77 })
  t.equal(lookup.code, 67)
  t.equal(again.code, 0, again.stderr)
})

test('a relay that starts again still knows that an account was deleted', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  const copy = join(dir, 'copy')
  cpSync(alice.home, copy, { recursive: true })
  await succeed(alice.run(DELETE))
  await relay.kill()

  await startRelay(t, { dir, port: relay.port })
  const received = await sotto(copy, ['receive', '--json'])
  const written = await bob.run(['send', alice.handle, 'anybody?', '--json'])

  t.match(received.error(), { code: 'device/unlinked', exit: 84 })
  t.match(written.error(), { code: 'relay/refused', exit: 77 })
})

test('off a terminal nothing is deleted without --yes', async (t) => {
  const dir = tempDir(t)
  const alice = await makePerson(await startRelay(t, { dir }), dir, 'alice')

  const refused = await alice.run(['account', 'delete', '--json'])

  t.match(refused.error(), { code: 'usage/invalid', exit: 64 })
  t.equal((await succeed(alice.run(['account', 'list', '--json']))).jsonLines().length, 1)
})

test('on a terminal it asks, and takes nothing but yes', async (t) => {
  const dir = tempDir(t)
  const alice = await makePerson(await startRelay(t, { dir }), dir, 'alice')
  const ask = () =>
    openTerminal(t, {
      program: SOTTO,
      args: ['account', 'delete'],
      env: isolatedEnvironment(alice.home, { SOTTO_HOME: alice.home }),
    })

  const first = ask()
  await first.shows(/Delete alice\.42 for good\? \[y\/N\]/)
  first.type('\r')
  const kept = await first.ended
  const second = ask()
  await second.shows(/\[y\/N\]/)
  second.type('yes\r')
  await second.shows(/deleted, here and at its relay/)

  t.same([kept, await second.ended], [64, 0])
  t.same(foldersOf(alice), [])
})

test('an export is whole before anything is deleted, with what still waited at the relay', async (t) => {
  const { dir, alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'before you go']))
  const file = join(dir, 'alice.ndjson')

  const deleted = await alice.run([...DELETE, '--export', file])

  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const [first, ...rest] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  t.equal(deleted.code, 0, deleted.stderr)
  t.match(deleted.json<DeletedLine>(), { deleted: { export: file } })
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.match(first, { v: 1, export: { account: { username: 'alice.42' } } })
  t.match(rest, [
    { v: 1, contact: {} },
    { v: 1, message: { text: 'before you go' } },
  ])
  t.same(foldersOf(alice), [])
})

test('an export that cannot be written deletes nothing', async (t) => {
  const { dir, alice, bob } = await beginPair(t)

  const nowhere = await alice.run([...DELETE, '--export', join(dir, 'no/such/folder/file')])
  const stdout = await alice.run([...DELETE, '--export', '-'])

  t.match(nowhere.error(), { code: 'file/unknown', exit: 66 })
  t.match(stdout.error(), { code: 'usage/invalid', exit: 64 })
  t.equal((await alice.run(['send', bob.handle, 'still here'])).code, 0)
})

test('while the relay is away nothing is deleted, unless only here, which says what remains', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  await relay.stop()
  const file = join(dir, 'alice.ndjson')

  const refused = await alice.run([...DELETE, '--export', file])
  const there = existsSync(file)
  const local = await alice.run([...DELETE, '--local', '--export', file])
  const back = await startRelay(t, { dir, port: relay.port })
  const taken = await sotto(join(dir, 'other'), [
    ...['account', 'create', '--relay', back.url, '--username', 'alice.42', '--json'],
  ])

  t.match(refused.error(), { code: 'relay/unreachable', exit: 69 })
  t.notOk(there)
  t.equal(local.code, 0, local.stderr)
  t.match(local.json<DeletedLine>(), { deleted: { atRelay: false, export: file } })
  t.match(local.stderr, /the relay still has the account/)
  t.same(foldersOf(alice), [])
  t.match(taken.error(), { code: 'username/taken' })
  t.equal((await bob.run(['send', alice.handle, 'hello?'])).code, 0)
})

test('an account that another process owns is not deleted under it', async (t) => {
  const dir = tempDir(t)
  const alice = await makePerson(await startRelay(t, { dir }), dir, 'alice')
  const following = startSotto(t, alice.home, [
    ...['receive', '--follow', '--json', '--type', 'connection.state'],
  ])
  await following.line()

  const busy = await alice.run(DELETE)
  await following.stop()

  t.match(busy.error(), { code: 'account/busy', exit: 83 })
  t.equal((await alice.run(DELETE)).code, 0)
})

test('where there is no such account there is nothing to delete', async (t) => {
  const none = await sotto(tempDir(t), [...DELETE, 'alice.42'])

  t.match(none.error(), { code: 'account/none', exit: 84 })
})

test('a copy of an account that was deleted elsewhere is unlinked, keeps its messages, and can go', async (t) => {
  const { dir, alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'to be kept']))
  const copy = join(dir, 'copy')
  cpSync(alice.home, copy, { recursive: true })
  await succeed(alice.run(DELETE))
  const file = join(dir, 'kept.ndjson')

  const received = await sotto(copy, ['receive', '--json'])
  const history = await succeed(sotto(copy, ['history', bob.handle, '--json']))
  const deleted = await sotto(copy, [...DELETE, '--export', file])

  t.match(received.error(), { code: 'device/unlinked', exit: 84 })
  t.match(history.jsonLines(), [{ message: { text: 'to be kept' } }])
  t.equal(deleted.code, 0, deleted.stderr)
  t.match(readFileSync(file, 'utf8'), /to be kept/)
  t.same(foldersOf({ home: copy }), [])
})

for (const name of ['account.deleted', 'account.emptied', 'account.hidden']) {
  test(`a deletion that dies at ${name} is finished by the same command`, async (t) => {
    const dir = tempDir(t)
    const relay = await startRelay(t, { dir })
    const alice = await makePerson(relay, dir, 'alice')

    const died = await alice.run(DELETE, { env: { SOTTO_CRASHPOINT: name } })
    const between = await alice.run(['contact', 'list', '--json'])
    const again = await alice.run(DELETE)
    const taken = await sotto(join(dir, 'other'), [
      ...['account', 'create', '--relay', relay.url, '--username', 'alice.42'],
    ])

    t.equal(died.signal, 'SIGKILL')
    t.ok(name === 'account.deleted' || between.code === 84, between.stderr)
    t.equal(again.code, 0, again.stderr)
    t.match(again.json<DeletedLine>(), { deleted: { account: { username: 'alice.42' } } })
    t.same(foldersOf(alice), [])
    t.notOk(filesBelow(alice.home).some((file) => /store\.db|label|key$/.test(file)))
    t.equal(taken.code, 0, taken.stderr)
  })
}

test('finishing a deletion never takes the account that is left, and an export in the way stops it', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const home = join(dir, 'home')
  for (const username of ['work.42', 'play.42']) {
    await succeed(sotto(home, ['account', 'create', '--relay', relay.url, '--username', username]))
  }

  await sotto(home, DELETE, { env: { SOTTO_CRASHPOINT: 'account.hidden' } })
  const again = await succeed(sotto(home, DELETE))
  const listed = await succeed(sotto(home, ['account', 'list', '--json']))
  writeFileSync(join(dir, 'taken'), 'mine')
  const kept = await sotto(home, ['account', 'delete', '--export', join(dir, 'taken'), '--json'])

  t.match(again.json<DeletedLine>(), { deleted: { account: { username: 'work.42' } } })
  t.match(listed.jsonLines(), [{ account: { username: 'play.42', default: true } }])
  t.equal(kept.code, 64)
  t.equal(readFileSync(join(dir, 'taken'), 'utf8'), 'mine')
})

for (const name of ['account.deleted', 'account.emptied', 'account.hidden']) {
  test(`a deletion of a locked account that dies at ${name} is finished with its passphrase`, async (t) => {
    const dir = tempDir(t)
    const relay = await startRelay(t, { dir })
    const home = join(dir, 'alice')
    const secret = join(dir, 'secret')
    writeFileSync(secret, 'correct horse\n', { mode: 0o600 })
    const given = ['--passphrase-file', secret]
    const create = ['account', 'create', '--relay', relay.url, '--username', 'alice.42']
    await succeed(sotto(home, [...create, ...given]))

    const died = await sotto(home, [...DELETE, ...given], { env: { SOTTO_CRASHPOINT: name } })
    const again = await sotto(home, [...DELETE, ...given])
    const taken = await sotto(join(dir, 'other'), create)

    t.equal(died.signal, 'SIGKILL')
    t.ok([0, 84].includes(again.code ?? -1), again.stderr)
    t.same(foldersOf({ home }), [])
    t.notOk(filesBelow(home).some((file) => /store\.db|label|key$/.test(file)))
    t.equal(taken.code, 0, taken.stderr)
  })
}
