import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import {
  makePerson,
  personAt,
  sotto,
  startRelay,
  startSotto,
  succeed,
  tempDir,
} from '../harness/index.js'
import { beginPair } from './support/pair.js'

interface ContactLine {
  readonly contact: { readonly handle: string | null; readonly name: string | null }
}

interface AccountLine {
  readonly account: {
    readonly id: string
    readonly username: string | null
    readonly default?: boolean
    readonly name?: string | null
    readonly status?: string | null
  }
}

test('a new name and status reach contacts, without the relay when it is back', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'hello']))
  await succeed(bob.run(['receive']))
  await succeed(alice.run(['receive']))
  await relay.stop()

  const edited = await alice.run([
    'account',
    'edit',
    '--name',
    'Alice A.',
    '--status',
    'at sea',
    '--json',
  ])
  const back = await startRelay(t, { dir, port: relay.port })
  await succeed(alice.run(['receive']))
  const events = await succeed(bob.run(['receive', '--type', 'contact.changed', '--json']))
  const contacts = await succeed(bob.run(['contact', 'list', '--json']))
  await back.stop()

  t.equal(edited.code, 0, edited.stderr)
  const account = { username: 'alice.42', name: 'Alice A.', status: 'at sea' }
  t.match(edited.json<AccountLine>(), { v: 1, account })
  t.match(events.jsonLines(), [{ type: 'contact.changed', contact: { name: 'Alice A.' } }])
  t.match(contacts.jsonLines<ContactLine>(), [{ contact: { name: 'Alice A.' } }])
})

test('a username is changed and given up, and the old one is free', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const carol = await makePerson(relay, dir, 'carol')

  const changed = await succeed(alice.run(['account', 'edit', '--username', 'alice.77', '--json']))
  const found = await carol.run(['contact', 'add', '@alice.77'])
  const former = await carol.run(['contact', 'add', '@alice.42', '--json'])
  const shown = await succeed(alice.run(['account', 'show', '-A', 'alice.77', '--json']))
  const bob = await sotto(join(dir, 'bob'), [
    ...['account', 'create', '--relay', relay.url, '--username', 'alice.42'],
  ])
  const removed = await succeed(alice.run(['account', 'edit', '--no-username', '--json']))
  const unnamed = await succeed(alice.run(['account', 'list', '--json']))

  t.match(changed.json<AccountLine>(), { account: { username: 'alice.77' } })
  t.equal(found.code, 0, found.stderr)
  t.match(former, { code: 67 })
  t.match(shown.json<AccountLine>(), { account: { username: 'alice.77' } })
  t.equal(bob.code, 0, bob.stderr)
  t.match(removed.json<AccountLine>(), { account: { username: null } })
  t.match(unnamed.jsonLines<AccountLine>(), [{ account: { username: null } }])
})

test('an account that cannot be changed so says why, and is as it was', async (t) => {
  const { relay, alice } = await beginPair(t)
  const edit = (...args: string[]) => alice.run(['account', 'edit', '--json', ...args])

  const nothing = await edit()
  const misnamed = await edit('--username', 'al')
  const long = await edit('--status', 'x'.repeat(257))
  const taken = await edit('--username', 'bob.42', '--name', 'Bob')
  await relay.stop()
  const unreachable = await edit('--username', 'alice.77', '--name', 'Alice')
  const nobody = await edit('-A', 'nobody.11', '--name', 'Nobody')
  const after = await succeed(edit('--name', 'Alice'))

  t.match([nothing.code, misnamed.code, long.code], [64, 64, 64])
  t.match(taken.error(), { code: 'username/taken', exit: 77 })
  t.match(unreachable.error(), { code: 'relay/unreachable', exit: 69 })
  t.match(nobody.error(), { code: 'account/none', exit: 84 })
  t.match(after.json<AccountLine>(), { account: { username: 'alice.42', name: 'Alice' } })
})

test('what an account says for people fits the objects', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = personAt(join(dir, 'alice'), 'alice')
  await succeed(
    alice.run([
      ...['account', 'create', '--relay', relay.url, '--username', 'alice.42'],
      ...['--name', 'Alice', '--status', 'new here'],
    ]),
  )

  const edited = await succeed(alice.run(['account', 'edit', '--status', 'at\u202esea']))

  t.match(edited.stdout, /^alice\.42 {2}http.+\n {2}name {8}Alice\n {2}status {6}at\\u202esea\n$/)
})

/** A home with two accounts on one relay. */
async function twoAccounts(t: Parameters<typeof tempDir>[0]) {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const home = join(dir, 'home')
  for (const username of ['work.42', 'play.42']) {
    await succeed(sotto(home, ['account', 'create', '--relay', relay.url, '--username', username]))
  }
  return { dir, relay, home, run: (...args: string[]) => sotto(home, args) }
}

test('account use chooses the account that commands mean', async (t) => {
  const { run } = await twoAccounts(t)

  const first = await succeed(run('account', 'show', '--json'))
  const used = await succeed(run('account', 'use', 'play.42', '--json'))
  const now = await succeed(run('account', 'show', '--json'))
  const listed = await succeed(run('account', 'list', '--json'))
  const forPeople = await succeed(run('account', 'use', '@work.42'))

  t.match(first.json<AccountLine>(), { account: { username: 'work.42', default: true } })
  t.match(used.json<AccountLine>(), { account: { username: 'play.42', default: true } })
  t.match(now.json<AccountLine>(), { account: { username: 'play.42' } })
  t.same(
    listed.jsonLines<AccountLine>().map(({ account }) => [account.username, account.default]),
    [
      ['work.42', false],
      ['play.42', true],
    ],
  )
  t.match(forPeople.stdout, /^work\.42 {2}http/)
})

test('an account that is not here, or none named, cannot be used', async (t) => {
  const dir = tempDir(t)
  const empty = await sotto(dir, ['account', 'use', 'alice.42', '--json'])
  const unnamed = await sotto(dir, ['account', 'use', '--json'])

  t.match(empty.error(), { code: 'account/none', exit: 84 })
  t.match(unnamed.error(), { code: 'usage/invalid', exit: 64 })
})

test('without a default several accounts are ambiguous, and the error names them', async (t) => {
  const { home, run } = await twoAccounts(t)
  rmSync(join(home, 'default'))

  const ambiguous = await run('contact', 'list', '--json')
  const named = await run('contact', 'list', '-A', 'play.42', '--json')

  t.match(ambiguous.error(), {
    ...{ code: 'account/ambiguous', exit: 84 },
    message: /work\.42, play\.42/,
  })
  t.equal(named.code, 0)
})

test('two accounts of one home talk to each other, each owned by a process of its own', async (t) => {
  const { home, run } = await twoAccounts(t)
  await succeed(run('contact', 'add', '@play.42'))
  await succeed(run('-A', 'play.42', 'contact', 'add', '@work.42'))
  const following = startSotto(t, home, ['-A', 'play.42', 'receive', '--follow', '--json'])

  const sent = await succeed(run('-A', 'work.42', 'send', '@play.42', 'from work', '--json'))
  const received = await following.json<{ readonly type: string; readonly account: string }>(
    ({ type }) => type === 'message.received',
  )
  await following.stop()
  await succeed(run('-A', 'play.42', 'send', '@work.42', 'from play'))
  const answered = await succeed(run('receive', '--type', 'message.received', '--json'))

  t.match(sent.json(), { status: 'accepted' })
  t.match(received, { account: 'play.42', message: { text: 'from work' } })
  t.match(answered.jsonLines(), [{ account: 'work.42', message: { text: 'from play' } }])
})

test('account show says what contacts see, without opening the store', async (t) => {
  const dir = tempDir(t)
  const alice = await makePerson(await startRelay(t, { dir }), dir, 'alice')
  const before = await succeed(alice.run(['account', 'show', '--json']))
  const named = await succeed(
    alice.run(['account', 'edit', '--name', 'Alice A.', '--status', 'on holiday', '--json']),
  )

  const shown = await succeed(alice.run(['account', 'show', '--json']))
  const listed = await succeed(alice.run(['account', 'list', '--json']))
  const forPeople = await succeed(alice.run(['account', 'show']))

  t.match(before.json<object>(), { account: { name: null, status: null } })
  t.match(named.json<object>(), { account: { name: 'Alice A.' } })
  t.match(shown.json<object>(), { account: { name: 'Alice A.', status: 'on holiday' } })
  t.match(listed.jsonLines<object>(), [{ account: { name: 'Alice A.', status: 'on holiday' } }])
  t.match(forPeople.stdout, /^ {2}name {8}Alice A\.\n {2}status {6}on holiday$/m)
})
