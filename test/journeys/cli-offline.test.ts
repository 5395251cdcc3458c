import { test } from 'tap'

import { historyOf, startRelay, startSotto, succeed } from '../harness/index.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'
import { schemaFaults } from './support/schemas.js'

const ONLY = ['--json', '--type', 'message.received']

test('what is sent to somebody offline waits for them, in order', async (t) => {
  const { alice, bob } = await beginPair(t)
  for (const text of ['one', 'two', 'three']) await succeed(alice.run(['send', bob.handle, text]))

  const received = await succeed(bob.run(['receive', ...ONLY]))

  t.same(textsOf(received.jsonLines<EventLine>()), ['one', 'two', 'three'])
})

test('what earlier commands put off does not hold up the first one that finds the relay', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  await relay.stop()
  for (let down = 1; down <= 8; down++) await alice.run(['send', bob.handle, String(down)])

  await startRelay(t, { dir, port: relay.port })
  const sent = await alice.run(['send', bob.handle, 'up again', '--json'])
  await succeed(bob.run(['receive']))

  t.equal(sent.code, 0, sent.stderr)
  const texts = (await historyOf(bob, alice.handle)).map((line) => line.message.text)
  t.same(texts, ['1', '2', '3', '4', '5', '6', '7', '8', 'up again'])
})

test('with the relay down send is 79, the outbox shows it, and it arrives once', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  await relay.stop()

  const sent = await alice.run(['send', bob.handle, 'while it was down', '--json'])
  const again = await alice.run(['send', bob.handle, 'and after that'])
  const outbox = await succeed(alice.run(['outbox', 'list', '--json']))
  const forPeople = await succeed(alice.run(['outbox', 'list']))
  await startRelay(t, { dir, port: relay.port })
  await succeed(alice.run(['receive']))
  const left = await succeed(alice.run(['outbox', 'list']))
  const received = await succeed(bob.run(['receive', ...ONLY]))
  const receivedAgain = await succeed(bob.run(['receive', ...ONLY]))

  t.equal(sent.code, 79)
  t.match(sent.json<object>(), { status: 'queued', id: /^m_/ })
  t.same(schemaFaults('send', sent.stdout), [])
  t.match(sent.error(), { code: 'message/queued', exit: 79, retryable: false })
  t.equal(again.code, 79)
  t.match(again.stdout, /^m_\w+\n$/)
  t.match(again.stderr, /do not send it again/)
  t.same(schemaFaults('outbox', outbox.stdout), [])
  t.equal(outbox.jsonLines().length, 2)
  t.match(forPeople.stdout, /^… queued {2}m_\w+ {2}@bob\.42 {2}\d+ attempts?/)
  t.equal(left.stdout, '')
  t.same(textsOf(received.jsonLines<EventLine>()), ['while it was down', 'and after that'])
  t.same(textsOf(receivedAgain.jsonLines<EventLine>()), [])
})

test('a running process sends what was queued when the relay is back', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  await relay.stop()
  t.match(await alice.run(['send', bob.handle, 'later']), { code: 79 })
  const following = startSotto(t, alice.home, ['receive', '--follow', '--json'])
  await following.json<EventLine>(({ type }) => type === 'message.sent')

  await startRelay(t, { dir, port: relay.port })
  await following.json<EventLine>(({ message }) => message?.status === 'accepted')
  await following.stop()

  t.match(await historyOf(alice, bob.handle), [{ message: { text: 'later', status: 'accepted' } }])
})

test('--no-queue keeps nothing when the relay is down', async (t) => {
  const { relay, alice, bob } = await beginPair(t)
  await relay.stop()

  const sent = await alice.run(['send', bob.handle, 'now or never', '--no-queue', '--json'])

  t.match(sent.error(), { code: 'relay/unreachable', exit: 69, retryable: true })
  t.equal((await alice.run(['outbox', 'list'])).stdout, '')
  t.equal((await alice.run(['history', bob.handle])).stdout, '')
})

test('a send that is told to stop has its message on disk', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  await relay.stop()
  const sending = startSotto(t, alice.home, ['send', bob.handle, 'kept', '--timeout', '5m', '-v'])
  // Its first attempt has failed, so the message is composed and sealed or waits to be.
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (!/outbox\.retry/.test(sending.stderr)) return
      clearInterval(look)
      resolve()
    }, 20)
  })

  sending.signal('SIGTERM')
  t.match(await sending.ended, { code: 143 })
  await startRelay(t, { dir, port: relay.port })
  await succeed(alice.run(['receive']))
  const received = await succeed(bob.run(['receive', ...ONLY]))
  t.same(textsOf(received.jsonLines<EventLine>()), ['kept'])
})
