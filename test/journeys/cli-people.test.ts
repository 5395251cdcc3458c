import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import { makePerson, personAt, sotto, startRelay, succeed, tempDir } from '../harness/index.js'
import { schemaFaults } from './support/schemas.js'

test('an account is created, listed and shown', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const home = join(dir, 'alice')
  const create = ['account', 'create', '--relay', relay.url, '--username', 'alice.42']

  const created = await sotto(home, [...create, '--name', 'Alice', '--json'])
  const listed = await sotto(home, ['account', 'list', '--json'])
  const shown = await sotto(home, ['account', 'show', '--account', 'alice.42', '--json'])
  const forPeople = await sotto(home, ['account', 'show'])

  t.equal(created.code, 0, created.stderr)
  const account = { username: 'alice.42', device: 1, relay: relay.url }
  t.match(created.json<object>(), { v: 1, account })
  t.match(listed.jsonLines<object>(), [{ v: 1, account: { ...account, default: true } }])
  t.match(shown.json<object>(), { v: 1, account: { ...account, keyIn: 'file' } })
  for (const { stdout } of [created, listed, shown]) t.same(schemaFaults('account', stdout), [])
  t.match(forPeople.stdout, /^alice\.42 {2}http[^\n]+\n {2}name {8}Alice\n {2}device/)
})

test('a root key that is first seen is shown', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const create = ['account', 'create', '--relay', relay.url, '--json']

  const created = await succeed(sotto(join(dir, 'alice'), create))

  t.match(created.stderr, /#root=[\w-]{44}/)
  for (const line of created.stderr.trim().split('\n')) t.same(schemaFaults('note', line), [])
})

test('accounts that cannot be had say why', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  await makePerson(relay, dir, 'alice')
  const create = (...args: string[]) =>
    sotto(join(dir, 'eve'), ['account', 'create', '--json', ...args])

  const taken = await create('--relay', relay.url, '--username', 'alice.42')
  const misnamed = await create('--relay', relay.url, '--username', 'al')
  const unencrypted = await create('--relay', 'http://relay.example', '--username', 'eve.42')
  const nowhere = await create('--relay', 'http://127.0.0.1:1', '--username', 'eve.42')
  const misaddressed = await create('--relay', 'relay.example', '--username', 'eve.42')
  const listed = await sotto(join(dir, 'eve'), ['account', 'list', '--json'])

  t.match(taken, { code: 77 })
  t.match(taken.error(), { code: 'username/taken', exit: 77 })
  t.match(misnamed, { code: 64 })
  t.match(unencrypted, { code: 78 })
  t.match(nowhere, { code: 69 })
  t.match(misaddressed, { code: 64 })
  t.equal(listed.stdout, '', 'nothing is left of the failed ones')
})

test('--fields prints JSON with the named fields only, and whole errors', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const sending = ['send', 'me', 'note', '--fields', 'status,results.recipient']

  const sent = await succeed(alice.run(sending))
  const failed = await alice.run(['send', '@nobody.99', 'hi', '--fields', 'status'])
  const misnamed = await alice.run(['send', 'me', 'hi', '--fields', 'a..b'])

  t.same(sent.json<object>(), { v: 1, status: 'accepted', results: [{ recipient: 'me' }] })
  t.match(failed.error(), { code: 'recipient/unknown', exit: 67 })
  t.match(misnamed.error(), { code: 'usage/invalid', exit: 64 })
})

test('a home that is a file is told so, and not as a configuration that cannot be read', async (t) => {
  const dir = tempDir(t)
  const file = join(dir, 'file')
  writeFileSync(file, '')

  const sent = await sotto(join(dir, 'eve'), ['send', '@bob.42', 'hi', '--json', '--home', file])

  t.match(sent.error(), { code: 'store/failed', exit: 74, message: /not a directory/ })
})

test('without an account every command that needs one says how to create it', async (t) => {
  const home = tempDir(t)
  for (const args of [
    ['receive'],
    ['send', '@bob.42', 'hi'],
    ['contact', 'list'],
    ['account', 'show'],
  ]) {
    const { code, stderr } = await sotto(home, args)
    t.equal(code, 84, args.join(' '))
    t.match(stderr, /\[account\/none\]\n {2}.*sotto account create/)
  }
})

test('help and mistakes make no home', async (t) => {
  const home = join(tempDir(t), 'none')
  await sotto(home, ['--help'], { env: { SOTTO_HOME: join(home, 'sotto') } })
  await sotto(home, ['send', 'bob', 'hi'], { env: { SOTTO_HOME: join(home, 'sotto') } })
  t.notOk(existsSync(join(home, 'sotto')))
})

test('contacts are added with local names, and listed', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  await makePerson(relay, dir, 'bob')

  const added = await alice.run(['contact', 'add', '@bob.42', '--as', 'bobby', '--json'])
  const listed = await alice.run(['contact', 'list', '--json'])
  const forPeople = await alice.run(['contact', 'list'])

  t.equal(added.code, 0, added.stderr)
  t.match(added.json<object>(), { v: 1, contact: { handle: '@bob.42', trust: 'known' } })
  t.same(schemaFaults('contact', added.stdout + listed.stdout), [])
  t.equal(listed.stdout, added.stdout)
  t.equal(forPeople.stdout, '@bob.42  known  @bobby\n')
  t.match(await alice.run(['send', '@bobby', 'by the local name']), { code: 0 })
})

test('who cannot be added is told apart', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const add = (to: string) => alice.run(['contact', 'add', to, '--json'])

  t.match((await add('@nobody.99')).error(), { code: 'recipient/unknown', exit: 67 })
  t.match((await add('bob.42')).error(), { code: 'recipient/unknown', fix: /@bob\.42/ })
  t.match((await add('@alice.42')).error(), { code: 'recipient/self', exit: 67 })
  t.match((await add('@bob.4')).error(), { code: 'usage/invalid', exit: 64 })
  await relay.stop()
  t.match((await add('@bob.42')).error(), { code: 'relay/unreachable', exit: 69 })
})

test('a stranger’s message is a request, and after accepting it is received', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const bob = await makePerson(relay, dir, 'bob')
  await succeed(alice.run(['send', bob.handle, 'hello, stranger']))

  const asked = await succeed(bob.run(['receive', '--json']))
  const listed = await succeed(bob.run(['contact', 'list', '--json']))
  const accepted = await succeed(bob.run(['contact', 'accept', alice.handle, '--json']))
  const received = await succeed(bob.run(['receive', '--json', '--type', 'message.received']))

  t.match(asked.jsonLines<object>(), [
    { type: 'contact.request', sender: { trust: 'request' }, message: { text: 'hello, stranger' } },
  ])
  t.match(listed.jsonLines<object>(), [{ contact: { trust: 'request' } }])
  t.match(accepted.json<object>(), { contact: { handle: '@alice.42', trust: 'known' } })
  t.match(received.jsonLines<object>(), [{ message: { text: 'hello, stranger' } }])
  t.same(schemaFaults('event', asked.stdout + received.stdout), [])
  t.same(schemaFaults('contact', accepted.stdout), [])
})

test('a request is shown to people with how to accept it', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const bob = await makePerson(relay, dir, 'bob')
  await succeed(alice.run(['send', bob.handle, 'hello, stranger']))

  const { stdout } = await succeed(bob.run(['receive']))
  const accept = /sotto (contact accept \S+)/.exec(stdout)?.[1] ?? ''
  t.match(await bob.run(accept.split(' ')), { code: 0 })
})

test('both sides see the same safety number', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const bob = await makePerson(relay, dir, 'bob')
  await succeed(alice.run(['contact', 'add', bob.handle]))
  await succeed(bob.run(['contact', 'add', alice.handle]))

  const hers = await succeed(alice.run(['verify', 'show', bob.handle, '--json']))
  const his = await succeed(bob.run(['verify', 'show', alice.handle, '--json']))
  const forPeople = await succeed(alice.run(['verify', 'show', bob.handle]))
  const unknown = await alice.run(['verify', 'show', '@nobody.99', '--json'])

  interface Shown {
    readonly verify: { readonly safetyNumber: string }
  }
  const { safetyNumber } = hers.json<Shown>().verify
  t.equal(his.json<Shown>().verify.safetyNumber, safetyNumber)
  t.same(schemaFaults('verify', hers.stdout), [])
  t.equal(forPeople.stdout.replace(/^.*\n/, '').replaceAll(/\s/g, ''), safetyNumber)
  t.equal(unknown.code, 67)
})

test('an account of several is chosen by its name', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const home = join(dir, 'both')
  const person = personAt(home, 'alice')
  for (const username of ['alice.42', 'carol.77']) {
    const create = ['account', 'create', '--relay', relay.url, '--username', username]
    await succeed(person.run(create))
  }

  const carol = await person.run(['-A', 'carol.77', 'account', 'show', '--json'])
  const byVariable = await person.run(['account', 'show', '--json'], {
    env: { SOTTO_ACCOUNT: 'carol.77' },
  })
  const nobody = await person.run(['-A', 'dave.42', 'send', 'me', 'x', '--json'])

  t.match(carol.json<object>(), { account: { username: 'carol.77' } })
  t.equal(byVariable.stdout, carol.stdout)
  t.match(nobody.error(), { exit: 84 })
})
