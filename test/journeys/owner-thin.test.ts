import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { findOwner } from '@sotto/client-core/daemon'
import { test, type Test } from 'tap'

import {
  historyOf,
  makePair,
  SOTTO,
  startRelay,
  startSotto,
  succeed,
  tempDir,
  type Person,
} from '../harness/index.js'
import { moveProgram } from './support/move-program.js'
import { follow, own } from './support/owner.js'
import { beginPair, textsOf, type EventLine, type Pair } from './support/pair.js'

async function beginOwned(t: Test): Promise<Pair> {
  const pair = await beginPair(t)
  await own(t, pair.bob)
  return pair
}

test('beside an owner every command does what it does alone', async (t) => {
  const { alice, bob } = await beginOwned(t)

  const sent = await bob.run(['send', alice.handle, 'thin', '--json'])
  t.match(sent, { code: 0 }, sent.stderr)
  t.match(sent.json<object>(), { status: 'accepted', id: /^m_/ })
  t.match(await historyOf(bob, alice.handle), [{ message: { text: 'thin', status: 'accepted' } }])
  t.match((await succeed(bob.run(['contact', 'list']))).stdout, /@alice\.42/)
  t.match((await succeed(bob.run(['outbox', 'list']))).stdout, '')
  t.match((await succeed(bob.run(['verify', 'show', alice.handle]))).stdout, /\d{5} \d{5}/)
  await succeed(alice.run(['receive']))
  await succeed(alice.run(['send', bob.handle, 'to the owner']))
  const waited = ['--type', 'message.received', '--max', '1', '--timeout', '30s']
  t.match((await succeed(bob.run(['receive', ...waited]))).stdout, /to the owner/)
})

test('beside an owner errors are what they are alone, with their exit codes', async (t) => {
  const { alice, bob } = await beginOwned(t)

  const unknown = await bob.run(['history', '@nobody.99', '--json'])
  await succeed(bob.run(['send', alice.handle, 'one', '--id', 'k']))
  const reused = await bob.run(['send', alice.handle, 'two', '--id', 'k', '--json'])

  t.match(unknown.error(), { code: 'recipient/unknown', exit: 67 })
  t.match(reused.error(), { code: 'send-id/reused', exit: 65 })
})

for (const name of ['send.submitted', 'send.answered', 'send.accepted']) {
  test(`what an owner that dies at ${name} was given is delivered once`, async (t) => {
    const { alice, bob } = await beginPair(t)
    await follow(t, bob, 'message.received', { SOTTO_CRASHPOINT: name })

    const sent = await bob.run(['send', alice.handle, 'text', '--id', 'one', '--json'])
    await succeed(bob.run(['send', alice.handle, 'text', '--id', 'one']))
    await succeed(alice.run(['receive']))

    t.match(sent.json<object>(), { status: 'accepted' }, sent.stderr)
    for (const [person, peer] of [
      [alice, bob],
      [bob, alice],
    ] as const)
      t.match(await historyOf(person, peer.handle), [{ message: { text: 'text' } }])
  })
}

test('whoever asks next finds what was said to be accepted', async (t) => {
  const { alice, bob } = await beginOwned(t)
  const owner = await findOwner({ dataDir: bob.home }, undefined)
  if (owner.kind !== 'owner') throw new Error('somebody owns the account')
  t.teardown(() => owner.client.close())

  for (const text of ['one', 'two', 'three']) {
    const sent = await owner.client.call('message.send', { to: [alice.handle], text })
    const waiting = await owner.client.call('outbox.list', {})
    t.match(sent.result, { status: 'accepted' })
    t.same(waiting, [])
  }
})

/** Writes the name of every native library that the process loads. */
const REPORT_LIBRARIES = `data:text/javascript,${encodeURIComponent(
  `import { appendFileSync } from 'node:fs'
   const dlopen = process.dlopen
   process.dlopen = (module, file, ...rest) => {
     appendFileSync(process.env.LIBRARIES, file + '\\n')
     return dlopen(module, file, ...rest)
   }`,
)}`

/** The native libraries that a command loads, by name. */
async function librariesOf(person: Person, ...args: string[]): Promise<readonly string[]> {
  const report = join(person.home, 'libraries')
  const env = { NODE_OPTIONS: `--import ${REPORT_LIBRARIES}`, LIBRARIES: report }
  await succeed(person.run(args, { env }))
  if (!existsSync(report)) return []
  return readFileSync(report, 'utf8')
    .split('\n')
    .flatMap((file) => /\w+(?=\.node$)/.exec(file)?.[0] ?? [])
}

test('beside an owner a command loads neither libsignal nor the database nor the keyring', async (t) => {
  const { alice, bob } = await beginOwned(t)
  const commands = [
    ['send', alice.handle, 'thin'],
    ['send', alice.handle, 'by name', '--account', 'bob.42'],
    ['history', alice.handle],
    ['contact', 'list'],
    ['receive', '--timeout', '1s'],
  ]
  for (const args of commands) t.same(await librariesOf(bob, ...args), [], args.join(' '))
  const alone = await librariesOf(alice, 'history', bob.handle)
  t.ok(alone.includes('sqlcipher'), 'alone it loads the database, and the test sees it')
})

test('a send that waits is an owner too, and serves who comes meanwhile', async (t) => {
  const { alice, bob } = await beginPair(t)
  const waiting = startSotto(t, alice.home, [
    ...['send', bob.handle, 'first', '--wait', 'delivered', '--timeout', '50s'],
  ])
  while ((await historyOf(alice, bob.handle)).length === 0);

  t.same(await librariesOf(alice, 'send', bob.handle, 'second'), [])
  await succeed(bob.run(['receive']))

  t.match(await waiting.ended, { code: 0 })
  const received = (await historyOf(bob, alice.handle)).map(({ message }) => message.text)
  t.same(received, ['first', 'second'])
})

test('beside an owner a program works without its native parts', async (t) => {
  const { dir, alice, bob } = await beginOwned(t)
  const program = moveProgram(SOTTO, join(dir, 'sotto-program'), [])
  t.match(await bob.run(['send', alice.handle, 'thin'], { program }), { code: 0 })
  t.match(await alice.run(['send', bob.handle, 'alone'], { program }), { code: 70 })
})

test('--account finds the owner by username, id or the beginning of an id', async (t) => {
  const { bob } = await beginOwned(t)
  const { id } = (await succeed(bob.run(['account', 'show', '--json']))).json<{
    account: { id: string }
  }>().account
  for (const name of ['bob.42', '@BOB.42', id, id.slice(0, 8)])
    t.match(await bob.run(['contact', 'list', '--account', name]), { code: 0 }, name)
  t.match(await bob.run(['contact', 'list', '--account', 'alice.42']), { code: 84 })
})

test('beside an owner a route that is typed is refused and not passed over', async (t) => {
  const { alice, bob } = await beginOwned(t)

  const refused = await bob.run(['send', alice.handle, 'x', '--proxy', 'none', '--json'])
  const byVariable = await bob.run(['send', alice.handle, 'y', '--json'], {
    env: { SOTTO_PROXY: 'none' },
  })
  const kept = await bob.run(['account', 'edit', '--proxy', 'none', '--json'])

  t.match(refused.error(), { code: 'account/busy', exit: 83, message: /by its own route/ })
  t.same(
    (await historyOf(bob, alice.handle)).map(({ message }) => message.text),
    ['y'],
  )
  t.equal(byVariable.code, 0, byVariable.stderr)
  t.equal(kept.code, 0, kept.stderr)
})

test('with --no-daemon the owner is not asked: 83 at once, naming its command and process', async (t) => {
  const { alice, bob } = await beginPair(t)
  const following = await follow(t, bob, 'gap')
  const refused = await bob.run(['send', alice.handle, 'hi', '--no-daemon', '--json'])
  t.match(refused.error(), {
    ...{ code: 'account/busy', exit: 83 },
    message: new RegExp(`sotto receive \\(process ${String(following.pid)},`),
  })
})

test('--socket asks at exactly that socket, and says so where nobody answers', async (t) => {
  const { alice, bob } = await beginOwned(t)
  const folder = join(bob.home, '.run', 'sotto')
  const [name = ''] = readdirSync(folder)
  const there = await alice.run(['contact', 'list', '--socket', join(folder, name), '--json'])
  const wrong = await bob.run(['send', alice.handle, 'x', '--socket', '/nowhere/x', '--json'])

  t.match(there.stdout, /"@alice\.42"/, 'it is bob’s account that answers')
  t.match(wrong.error(), { code: 'socket/unanswered', exit: 75, retryable: true })
  t.same(await historyOf(bob, alice.handle), [])
  t.match(await bob.run(['contact', 'list', '--socket', 'x', '--no-daemon']), { code: 64 })
})

test('an owner that does not answer is 83, and nobody waits for ever', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await own(t, bob)
  owner.signal('SIGSTOP')
  const refused = await bob.run(['send', alice.handle, 'hi', '--json'])
  owner.signal('SIGCONT')
  t.match(refused.error(), { code: 'account/busy', message: new RegExp(String(owner.pid)) })
})

test('without a runtime folder, and with a long path, the socket lies in the home', async (t) => {
  const dir = join(tempDir(t), 'long'.repeat(30))
  mkdirSync(dir)
  const { alice, bob } = await makePair(await startRelay(t, { dir: tempDir(t) }), dir)
  const env = { XDG_RUNTIME_DIR: '' }
  await follow(t, bob, 'gap', env)

  t.match(await bob.run(['send', alice.handle, 'thin'], { env }), { code: 0 })
  t.match(await bob.run(['send', alice.handle, 'from elsewhere']), { code: 0 })
  t.match(readdirSync(join(bob.home, 'run')), [/^[a-z2-7]{8}\.sock$/])
})

test('beside a follower receive prints what their consumer has not seen, and nothing comes back', async (t) => {
  const { alice, bob } = await beginPair(t)
  const following = await follow(t, bob, 'gap')
  await succeed(alice.run(['send', bob.handle, 'one']))
  const first = await succeed(bob.run(['receive', '--json']))
  await following.stop()
  const after = await succeed(bob.run(['receive', '--json', '--type', 'message.received']))

  t.ok(textsOf(first.jsonLines<EventLine>()).length <= 1)
  t.same(textsOf(after.jsonLines<EventLine>()), [])
})
