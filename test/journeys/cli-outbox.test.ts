import { test } from 'tap'

import { historyOf, startRelay, succeed } from '../harness/index.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'

interface Sent {
  readonly id: string
}

test('a message that waits is shown with why, tried again, and then is no longer the outbox’s', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  await relay.stop()
  const { id } = (await alice.run(['send', bob.handle, 'later', '--json'])).json<Sent>()

  const shown = await succeed(alice.run(['outbox', 'show', id, '--json']))
  const text = await succeed(alice.run(['outbox', 'show', id.slice(0, 12)]))
  const tried = await succeed(alice.run(['outbox', 'retry', id, '--json']))
  await startRelay(t, { dir, port: relay.port })
  await succeed(alice.run(['outbox', 'retry']))
  const gone = await alice.run(['outbox', 'show', id, '--json'])

  t.match(shown.json<object>(), {
    outbox: {
      id,
      status: 'queued',
      recipients: [bob.handle],
      error: { code: 'relay/unreachable' },
    },
  })
  t.match(text.stdout, /queued {2}m_.*@bob\.42.*attempt/)
  t.match(tried.jsonLines<object>(), [{ outbox: { id } }])
  t.match(gone.error(), { code: 'message/settled', exit: 65 })
  t.same(textsOf((await succeed(bob.run(['receive', '--json']))).jsonLines<EventLine>()), ['later'])
})

test('a message is taken back, shown as failed, queued again and delivered once', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  await relay.stop()
  const { id } = (await alice.run(['send', bob.handle, 'wait', '--json'])).json<Sent>()

  const cancelled = await succeed(alice.run(['outbox', 'cancel', id, '--json']))
  const [failed] = await historyOf(alice, bob.handle)
  const shown = await succeed(alice.run(['outbox', 'show', id, '--json']))
  const list = await succeed(alice.run(['outbox', 'list', '--json']))
  const again = await alice.run(['outbox', 'cancel', id, '--json'])
  await startRelay(t, { dir, port: relay.port })
  await succeed(alice.run(['outbox', 'retry', id]))
  await succeed(bob.run(['receive']))

  t.match(cancelled.jsonLines<object>(), [
    { outbox: { id, status: 'failed', mayHaveArrived: /^(true|false)$/ } },
  ])
  t.match(failed, { message: { status: 'failed' } })
  t.match(shown.json<object>(), { outbox: { error: { code: 'message/cancelled' } } })
  t.equal(list.stdout, '')
  t.match(again.error(), { code: 'message/settled', exit: 65 })
  t.match(await historyOf(bob, alice.handle), [{ message: { id, text: 'wait' } }])
})

test('a message that is named twice, and in two ways, is taken back and queued again once', async (t) => {
  const { relay, alice, bob } = await beginPair(t)
  await relay.stop()
  const { id } = (await alice.run(['send', bob.handle, 'twice', '--json'])).json<Sent>()
  const outbox = async (verb: string) =>
    (await succeed(alice.run(['outbox', verb, id, '@last', id, '--json']))).jsonLines<object>()

  t.match(await outbox('cancel'), [{ outbox: { id, status: 'failed' } }])
  const again = await outbox('retry')
  t.match(again, [{ outbox: { id, status: 'queued' } }])
  t.equal(again.length, 1)
})

test('what is not in the outbox, and what is no message, are told apart', async (t) => {
  const { alice, bob } = await beginPair(t)
  const { id } = (await succeed(alice.run(['send', bob.handle, 'hi', '--json']))).json<Sent>()
  const outbox = (...args: string[]) => alice.run(['outbox', ...args, '--json'])

  t.match((await outbox('cancel', id)).error(), { code: 'message/settled', exit: 65 })
  t.match((await outbox('retry', id)).error(), { code: 'message/settled', exit: 65 })
  t.match((await outbox('cancel', 'm_0000000')).error(), { code: 'message/unknown', exit: 67 })
  t.match((await outbox('cancel')).error(), { exit: 64 })
  t.match(await outbox('retry'), { code: 0, stdout: '' }, 'nothing waits')
})

for (const [mark, command] of [
  ['outbox.cancelled', 'cancel'],
  ['outbox.requeued', 'retry'],
] as const) {
  test(`dead at ${mark}, nothing is sent twice and nothing is lost`, async (t) => {
    const { dir, relay, alice, bob } = await beginPair(t)
    await relay.stop()
    const { id } = (await alice.run(['send', bob.handle, 'once', '--json'])).json<Sent>()

    const died = await alice.run(['outbox', command, id], { env: { SOTTO_CRASHPOINT: mark } })
    await startRelay(t, { dir, port: relay.port })
    await succeed(alice.run(['outbox', 'retry', id]))
    await succeed(bob.run(['receive']))

    t.equal(died.signal, 'SIGKILL')
    t.match(await historyOf(bob, alice.handle), [{ message: { id, text: 'once' } }])
  })
}
