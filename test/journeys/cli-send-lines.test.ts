import { test } from 'tap'

import { historyOf, startSotto, succeed } from '../harness/index.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'

interface Result {
  readonly line: number
  readonly id?: string
  readonly status: string
}

test('--lines sends a message a line, in order, as they come', async (t) => {
  const { alice, bob } = await beginPair(t)
  const sending = startSotto(t, alice.home, ['send', bob.handle, '--lines', '--json'])

  sending.write('one\r\n')
  t.match(await sending.json<Result>(), { line: 1, status: 'accepted', id: /^m_/ })
  sending.write('two\n\nthree')
  sending.endInput()
  t.match(await sending.ended, { code: 0 })

  t.match(sending.stderr, /1 empty line skipped/)
  const received = await succeed(bob.run(['receive', '--json']))
  t.same(textsOf(received.jsonLines<EventLine>()), ['one', 'two', 'three'])
})

test('--lines of many arrive once and in order, and again with the same --id not at all', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'hello'])) // Strangers may not write so much.
  await succeed(bob.run(['receive']))
  await succeed(alice.run(['receive']))
  const texts = Array.from({ length: 300 }, (_, index) => `line ${String(index)}`)
  const send = () =>
    alice.run(['send', bob.handle, '--lines', '--id', 'log'], { input: texts.join('\n') })

  const first = await succeed(send())
  const again = await succeed(send())
  await succeed(bob.run(['receive']))

  t.equal(again.stdout, first.stdout)
  t.same(
    (await historyOf(bob, alice.handle)).map(({ message }) => message.text),
    ['hello', ...texts],
  )
})

test('--ndjson sends a request a line; a wrong one is told and the others go on: 81', async (t) => {
  const { alice, bob } = await beginPair(t)
  const requests = [
    `{"to":["${bob.handle}"],"text":"one","id":"k1"}`,
    'not json',
    '{"to":["@nobody.99"],"text":"lost"}',
    `{"to":["${bob.handle}","me"],"text":"two","silent":true}`,
  ]

  const sent = await alice.run(['send', '--ndjson', '--json'], { input: requests.join('\n') })

  t.equal(sent.code, 81)
  t.match(sent.error(), { code: 'lines/partial', exit: 81 })
  t.match(sent.jsonLines<object>(), [
    { line: 1, requestId: 'k1', status: 'accepted' },
    { line: 2, status: 'failed', error: { code: 'content/invalid', exit: 65 } },
    { line: 3, results: [{ recipient: '@nobody.99' }], error: { code: 'recipient/unknown' } },
    { line: 4, status: 'accepted', results: [{ recipient: bob.handle }, { recipient: 'me' }] },
  ])
  const received = await succeed(bob.run(['receive', '--json']))
  t.same(textsOf(received.jsonLines<EventLine>()), ['one', 'two'])
})

test('what people see of lines are the ids, and on stderr what failed', async (t) => {
  const { alice, bob } = await beginPair(t)
  const input = Buffer.concat([Buffer.from('one\n'), Buffer.from([0xff, 0x0a]), Buffer.from('two')])
  const sent = await alice.run(['send', bob.handle, '--lines'], { input })

  t.equal(sent.code, 81)
  t.match(sent.stdout, /^m_\w+\nm_\w+\n$/)
  t.match(sent.stderr, /line 2: the line is not text in UTF-8/)
})

test('lines wait in the outbox while the relay is away: 79, and each is sent once', async (t) => {
  const { relay, alice, bob } = await beginPair(t)
  await relay.stop()
  const sent = await alice.run(['send', bob.handle, '--lines', '--json'], { input: 'one\ntwo\n' })
  t.equal(sent.code, 79)
  t.match(sent.error(), { exit: 79 })
  t.match(sent.jsonLines<object>(), [{ status: 'queued' }, { status: 'queued' }])
  t.equal((await alice.run(['outbox', 'list', '--json'])).jsonLines().length, 2)
})

test('every kind of wrong lines has its exit code', async (t) => {
  const { alice, bob } = await beginPair(t)
  const send = (input: string, ...args: string[]) =>
    alice.run(['send', ...args, '--json'], { input })

  t.match((await send('x', bob.handle, 'text', '--lines')).error(), { exit: 64 })
  t.match((await send('x', bob.handle, '--lines', '--ndjson')).error(), { exit: 64 })
  t.match((await send('x', '--lines')).error(), { exit: 64 })
  t.match((await send('x\ny\n', '--ndjson')).error(), { code: 'content/invalid', exit: 65 })
  t.match((await send('x'.repeat(70_000), bob.handle, '--lines')).error(), {
    ...{ code: 'content/too-large', exit: 65 },
  })
  t.match((await send('x\ny\n', '@nobody.99', '--lines')).error(), { exit: 67 })
  t.match(await send('', bob.handle, '--lines'), { code: 0, stdout: '' }, 'no lines, no messages')
})

test('beside the process that owns the account, lines are sent as well', async (t) => {
  const { alice, bob } = await beginPair(t)
  startSotto(t, alice.home, ['receive', '--follow', '--json'])
  const texts = ['one', 'two', 'three']
  await succeed(alice.run(['send', bob.handle, '--lines'], { input: texts.join('\n') }))
  const received = await succeed(bob.run(['receive', '--json']))
  t.same(textsOf(received.jsonLines<EventLine>()), texts)
})

for (const mark of ['send.composed', 'send.accepted']) {
  test(`lines that die at ${mark} are sent once when the same lines are sent again`, async (t) => {
    const { alice, bob } = await beginPair(t)
    const send = (env = {}) =>
      alice.run(['send', bob.handle, '--lines', '--id', 'log'], { input: 'one\ntwo\nthree\n', env })

    const died = await send({ SOTTO_CRASHPOINT: mark })
    await succeed(send())
    const received = await succeed(bob.run(['receive', '--json']))

    t.equal(died.signal, 'SIGKILL')
    t.same(textsOf(received.jsonLines<EventLine>()), ['one', 'two', 'three'])
  })
}
