import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { test } from 'tap'

import {
  isolatedEnvironment,
  SOTTO,
  startRelay,
  startSotto,
  succeed,
  type Person,
} from '../harness/index.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'
import { schemaFaults } from './support/schemas.js'

async function sendEach(from: Person, to: Person, texts: readonly string[]): Promise<void> {
  for (const text of texts) await succeed(from.run(['send', to.handle, text]))
}

async function receive(person: Person, ...args: string[]): Promise<readonly EventLine[]> {
  const { stdout } = await succeed(person.run(['receive', '--json', ...args]))
  return stdout === ''
    ? []
    : stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as EventLine)
}

test('a --from, --type or --conversation that is empty shows nothing and counts nothing as seen', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'hello']))

  for (const flag of ['--from', '--type']) {
    const refused = await bob.run(['receive', flag, '', '--json'])
    t.equal(refused.stdout, '')
    t.match(refused.error(), { code: 'usage/invalid', exit: 64 })
  }
  t.match((await bob.run(['search', 'hello', '--from', ''])).code, 64)
  t.match((await bob.run(['export', '--conversation', ''])).code, 64)
  const received = await succeed(bob.run(['receive', '--json']))
  t.same(textsOf(received.jsonLines<EventLine>()), ['hello'])
})

test('receive prints what has come, once, and ends 0 when nothing has', async (t) => {
  const { alice, bob } = await beginPair(t)
  await sendEach(alice, bob, ['one', 'two'])

  const first = await receive(bob)
  const second = await bob.run(['receive', '--json', '--type', 'message.received'])

  t.same(textsOf(first), ['one', 'two'])
  t.match(second, { code: 0, stdout: '' })
})

test('the events of both sides are what the schema says, with rising seq', async (t) => {
  const { alice, bob } = await beginPair(t)
  await sendEach(alice, bob, ['one'])
  const his = await succeed(bob.run(['receive', '--json']))
  const hers = await succeed(alice.run(['receive', '--json']))

  t.same(schemaFaults('event', his.stdout), [])
  t.same(schemaFaults('event', hers.stdout), [])
  const events = hers.jsonLines<EventLine>()
  t.same(
    events.map(({ seq }) => seq),
    events.map(({ seq }) => seq).sort((a, b) => a - b),
  )
  t.match(
    events.map(({ type }) => type),
    ['message.sent', 'message.status'],
  )
})

test('people see what others wrote, not their own sends', async (t) => {
  const { alice, bob } = await beginPair(t)
  await sendEach(alice, bob, ['hello\nbob', 'red \u001b[31m alert \u202e'])

  const his = await succeed(bob.run(['receive']))
  const hers = await succeed(alice.run(['receive']))

  t.match(his.stdout, /^\d\d:\d\d @alice\.42: hello\n {2}bob\n/)
  t.match(his.stdout, 'red \\x1b[31m alert \\u202e')
  t.equal(hers.stdout, '')
})

test('--max stops right after so many, and the rest comes next time', async (t) => {
  const { alice, bob } = await beginPair(t)
  await sendEach(alice, bob, ['one', 'two', 'three'])
  const only = ['--type', 'message.received']

  t.same(textsOf(await receive(bob, ...only, '--max', '2')), ['one', 'two'])
  t.same(textsOf(await receive(bob, ...only, '--max', '2')), ['three'])
})

test('what --type and --from leave out counts as seen', async (t) => {
  const { alice, bob } = await beginPair(t)
  await sendEach(alice, bob, ['one'])
  t.same(await receive(bob, '--type', 'gap'), [])
  t.same(await receive(bob), [])

  await sendEach(alice, bob, ['two'])
  t.same(textsOf(await receive(bob, '--from', alice.handle)), ['two'])
  await sendEach(alice, bob, ['three'])
  t.same(textsOf(await receive(bob, '--from', 'me')), [])
  t.match((await bob.run(['receive', '--from', '@nobody.99', '--json'])).error(), { exit: 67 })
})

test('--timeout waits for what comes later', async (t) => {
  const { alice, bob } = await beginPair(t)
  const waiting = bob.run([
    ...['receive', '--json', '--type', 'message.received'],
    ...['--timeout', '50s', '--max', '1'],
  ])

  await sendEach(alice, bob, ['worth waiting for'])

  t.same(textsOf((await succeed(waiting)).jsonLines<EventLine>()), ['worth waiting for'])
})

test('--timeout ends 0 when nothing comes', async (t) => {
  const { bob } = await beginPair(t)
  t.match(await bob.run(['receive', '--timeout', '1s', '--type', 'gap']), { code: 0, stdout: '' })
})

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`--follow prints what comes until ${signal}, and ends ${code}`, async (t) => {
    const { alice, bob } = await beginPair(t)
    const only = ['--type', 'message.received']
    const following = startSotto(t, bob.home, ['receive', '--follow', '--json', ...only])
    await sendEach(alice, bob, ['one'])
    t.match(await following.json<object>(), { message: { text: 'one' } })
    await sendEach(alice, bob, ['two'])
    t.match(await following.json<object>(), { message: { text: 'two' } })

    following.signal(signal)
    t.match(await following.ended, { code, signal: null })
    t.same(await receive(bob, ...only), [], 'what was printed does not come again')
  })
}

test('what a closed pipe did not take comes again, and the end is quiet', async (t) => {
  const { alice, bob } = await beginPair(t)
  await sendEach(alice, bob, ['one', 'two'])

  const child = spawn(process.execPath, [SOTTO, 'receive', '--json', '--follow'], {
    env: { ...isolatedEnvironment(bob.home), SOTTO_HOME: bob.home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdout.destroy()
  await once(child, 'close')

  t.match({ code: child.exitCode, stderr }, { code: 0, stderr: '' })
  t.same(textsOf(await receive(bob)), ['one', 'two'])
})

test('with the relay out of reach receive prints what is here, then 69', async (t) => {
  const { relay, alice, bob } = await beginPair(t)
  await sendEach(alice, bob, ['one', 'two'])
  await receive(bob, '--type', 'message.received', '--max', '1')
  await relay.stop()

  const plain = await bob.run(['receive', '--json', '--type', 'message.received'])
  const waiting = await bob.run(['receive', '--json', '--timeout', '1s'])

  t.same(textsOf(plain.jsonLines<EventLine>()), ['two'])
  t.equal(plain.code, 69)
  t.match(plain.error(), { code: 'relay/unreachable' })
  t.equal(waiting.code, 69)
})

test('--follow outlives the relay, and says so', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  const only = ['--type', 'message.received']
  const following = startSotto(t, bob.home, ['receive', '--follow', '--json', ...only])
  await sendEach(alice, bob, ['before'])
  await following.json()

  await relay.stop()
  await startRelay(t, { dir, port: relay.port })
  await sendEach(alice, bob, ['after'])

  t.match(await following.json<object>(), { message: { text: 'after' } })
  t.match(following.stderr, /cannot be reached[^]*connected again/)
  t.match(await following.stop(), { code: 143 })
})

test('with --no-daemon a second process on an account is told at once who has it', async (t) => {
  const { alice, bob } = await beginPair(t)
  const following = startSotto(t, bob.home, ['receive', '--follow', '--json'])
  await sendEach(alice, bob, ['it runs'])
  await following.json()

  const second = await bob.run(['send', alice.handle, 'hi', '--no-daemon', '--json'])

  t.equal(second.code, 83)
  t.match(second.error(), {
    code: 'account/busy',
    message: new RegExp(`sotto receive \\(process ${String(following.pid)}`),
  })
})
