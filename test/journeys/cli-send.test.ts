import { spawnSync } from 'node:child_process'

import { test } from 'tap'

import { historyOf, isolatedEnvironment, SOTTO, startSotto, succeed } from '../harness/index.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'
import { schemaFaults } from './support/schemas.js'

interface Sent {
  readonly id: string
}

test('send takes its text from an argument, a pipe or -, and prints the id', async (t) => {
  const { alice, bob } = await beginPair(t)

  const argument = await succeed(alice.run(['send', bob.handle, 'from an argument']))
  await succeed(alice.run(['send', bob.handle], { input: 'from a pipe\n' }))
  await succeed(alice.run(['send', bob.handle, '-'], { input: 'two\nlines\n\n' }))
  await succeed(alice.run(['send', bob.handle, '--', '-v is no flag here']))
  const received = await succeed(bob.run(['receive', '--json']))

  t.match(argument.stdout, /^m_[0-9A-Z]{26}\n$/)
  t.same(textsOf(received.jsonLines<EventLine>()), [
    'from an argument',
    'from a pipe',
    'two\nlines\n',
    '-v is no flag here',
  ])
})

test('send --json prints the send object', async (t) => {
  const { alice, bob } = await beginPair(t)

  const sent = await succeed(alice.run(['send', bob.handle, 'hi', '--json']))

  t.same(schemaFaults('send', sent.stdout), [])
  t.match(sent.json<object>(), {
    ...{ v: 1, id: /^m_/, status: 'accepted' },
    conversation: { kind: 'direct', name: '@bob.42' },
    results: [{ recipient: '@bob.42', status: 'accepted' }],
  })
})

test('one text goes to several recipients, each with its own result', async (t) => {
  const { alice, bob } = await beginPair(t)

  const sent = await succeed(alice.run(['send', bob.handle, 'me', 'for both', '--json']))

  t.same(schemaFaults('send', sent.stdout), [])
  t.match(sent.json<object>(), { status: 'accepted', results: [{ id: /^m_/ }, { id: /^m_/ }] })
  t.notHas(sent.json<object>(), { id: /./ })
  t.match(await historyOf(alice, 'me'), [{ message: { text: 'for both' } }])
})

test('some recipients that fail are exit 81, and the others get it', async (t) => {
  const { alice, bob } = await beginPair(t)

  const sent = await alice.run(['send', bob.handle, '@nobody.99', 'hi', '--json'])
  const received = await succeed(bob.run(['receive', '--json']))

  t.equal(sent.code, 81)
  t.same(schemaFaults('send', sent.stdout), [])
  t.same(schemaFaults('error', sent.stderr), [])
  t.match(sent.error(), { code: 'recipients/partial', fix: /@nobody\.99/ })
  t.same(textsOf(received.jsonLines<EventLine>()), ['hi'])
})

test('--id sends once however often it is run, and never something else', async (t) => {
  const { alice, bob } = await beginPair(t)
  const send = (text: string) => alice.run(['send', bob.handle, text, '--id', 'build 7', '--json'])

  const first = await succeed(send('done'))
  const again = await succeed(send('done'))
  const other = await send('something else')
  const received = await succeed(bob.run(['receive', '--json']))

  t.equal(again.json<Sent>().id, first.json<Sent>().id)
  t.match(other.error(), { code: 'send-id/reused', exit: 65 })
  t.same(textsOf(received.jsonLines<EventLine>()), ['done'])
})

test('an --id that is empty, as an unset variable makes it, is refused and stops nothing', async (t) => {
  const { alice, bob } = await beginPair(t)
  const request = JSON.stringify({ to: [bob.handle], text: 'alarm', id: '' })

  const empty = await alice.run(['send', bob.handle, 'alarm', '--id', '', '--json'])
  const lines = await alice.run(['send', bob.handle, '--lines', '--id', '', '--json'], {
    input: 'alarm\n',
  })
  const ndjson = await alice.run(['send', '--ndjson', '--json'], { input: request })
  const unset = await alice.run(['send', bob.handle, 'alarm'], { env: { SOTTO_SEND_ID: '' } })
  const received = await succeed(bob.run(['receive', '--json']))

  t.match(empty.error(), { code: 'usage/invalid', exit: 64, message: '--id is empty' })
  t.match(lines.error(), { code: 'usage/invalid', exit: 64 })
  t.match(ndjson.error(), { code: 'content/invalid', exit: 65 })
  t.equal(unset.code, 0)
  t.same(textsOf(received.jsonLines<EventLine>()), ['alarm'])
})

test('a reply names the message it answers', async (t) => {
  const { alice, bob } = await beginPair(t)
  const asked = await succeed(alice.run(['send', bob.handle, 'when?', '--json']))
  await succeed(bob.run(['receive']))

  const { id } = asked.json<Sent>()
  await succeed(bob.run(['send', alice.handle, 'at eight', '--reply-to', id]))
  const received = await succeed(alice.run(['receive', '--json', '--type', 'message.received']))
  const unknown = await bob.run(['send', alice.handle, 'x', '--reply-to', 'm_00000000', '--json'])

  const shown = await succeed(alice.run(['history', bob.handle]))
  t.match(received.jsonLines<object>(), [
    { message: { text: 'at eight', replyTo: { id, author: /./, quote: 'when?' } } },
  ])
  t.match(shown.stdout, /: > when\?\n {2}at eight\n$/)
  t.match(unknown.error(), { code: 'message/unknown', exit: 67 })
})

test('@last is the newest message, and @last:TO the newest with somebody', async (t) => {
  const { alice, bob } = await beginPair(t)
  const asked = (await succeed(alice.run(['send', bob.handle, 'when?', '--json']))).json<Sent>()
  await succeed(bob.run(['receive']))
  const noted = (await succeed(bob.run(['send', 'me', 'ask at eight', '--json']))).json<Sent>()

  await succeed(bob.run(['send', 'me', 'done', '--reply-to', '@last']))
  await succeed(bob.run(['send', alice.handle, 'at eight', '--reply-to', `@last:${alice.handle}`]))
  const none = await alice.run(['send', bob.handle, 'x', '--reply-to', '@last:me', '--json'])

  const last = async (conversation: string) => {
    const [line] = (
      await succeed(bob.run(['history', conversation, '-n', '1', '--json']))
    ).jsonLines<object>()
    return line
  }
  t.match(await last('me'), { message: { text: 'done', replyTo: { id: noted.id } } })
  t.match(await last(alice.handle), { message: { text: 'at eight', replyTo: { id: asked.id } } })
  t.match(none.error(), { code: 'message/unknown', exit: 67 })
})

test('a message of one conversation is not answered, and so named, in another', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'hello']))
  const secret = (await succeed(alice.run(['send', 'me', 'a note', '--json']))).json<Sent>()
  const answer = (to: string, message: string) =>
    alice.run(['send', to, 'yes', '--reply-to', message, '--json'])

  const elsewhere = await answer(bob.handle, secret.id)
  const newest = await answer(bob.handle, '@last')
  const there = await answer(bob.handle, `@last:${bob.handle}`)
  const received = await succeed(bob.run(['receive', '--json']))

  t.match(elsewhere.error(), { code: 'content/invalid', exit: 65, fix: /@last:@bob\.42/ })
  t.match(newest.error(), { code: 'content/invalid', exit: 65 })
  t.equal(there.code, 0)
  t.same(textsOf(received.jsonLines<EventLine>()), ['hello', 'yes'])
})

test('--silent reaches the other side', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'shh', '--silent']))
  await succeed(alice.run(['send', bob.handle, 'loud']))

  const received = await succeed(bob.run(['receive', '--json', '--type', 'message.received']))

  t.same(schemaFaults('event', received.stdout), [])
  const [silent, loud] = received.jsonLines<{ readonly message: object }>()
  t.match(silent, { message: { text: 'shh', silent: true } })
  t.notHas(loud?.message, { silent: true })
})

test('--wait delivered sees the receipt of somebody who is there', async (t) => {
  const { alice, bob } = await beginPair(t)
  startSotto(t, bob.home, ['receive', '--follow'])

  const sent = await alice.run(
    ['send', bob.handle, 'there?', '--wait', 'delivered', '--timeout', '40s', '--json'],
    { timeoutMs: 60_000 },
  )

  t.equal(sent.code, 0, sent.stderr)
  t.match(sent.json<object>(), { status: 'delivered' })
})

test('--wait delivered without a receipt in time is 85: accepted, not seen', async (t) => {
  const { alice, bob } = await beginPair(t)

  const sent = await alice.run([
    ...['send', bob.handle, 'there?', '--json'],
    ...['--wait', 'delivered', '--timeout', '1s'],
  ])

  t.equal(sent.code, 85)
  t.match(sent.json<object>(), { status: 'accepted' })
  t.match(sent.error(), { code: 'message/unseen', exit: 85 })
})

test('--wait queued answers before the relay does', async (t) => {
  const { relay, alice, bob } = await beginPair(t)
  await relay.stop()

  const sent = await alice.run(['send', bob.handle, 'later', '--wait', 'queued', '--json'])

  t.equal(sent.code, 0, sent.stderr)
  t.match(sent.json<object>(), { status: 'queued' })
})

test('a note to oneself needs no relay', async (t) => {
  const { relay, alice } = await beginPair(t)
  await relay.stop()

  t.match(await alice.run(['send', 'me', 'oat milk']), { code: 0 })
  t.match(await historyOf(alice, 'me'), [{ message: { text: 'oat milk' } }])
})

test('every kind of wrong send has its exit code, and nothing is kept', async (t) => {
  const { alice, bob } = await beginPair(t)
  const send = (...args: string[]) => alice.run(['send', ...args, '--json'])

  t.match((await send('bob', 'hi')).error(), { code: 'recipient/unknown', exit: 67 })
  t.match((await send('@nobody', 'hi')).error(), { code: 'recipient/unknown', exit: 67 })
  t.match((await send('@nobody.99', 'hi')).error(), { code: 'recipient/unknown', exit: 67 })
  t.match((await send(alice.handle, 'hi')).error(), { code: 'recipient/self', exit: 67 })
  t.match((await send(bob.handle, 'two', 'texts')).error(), { exit: 64 })
  t.match((await send(bob.handle, 'hi', '--wait', 'seen')).error(), { exit: 64 })
  t.match((await send(bob.handle, 'hi', '--timeout', 'soon')).error(), { exit: 64 })
  t.match((await send(bob.handle, 'hi', '--expire', '1h')).error(), { exit: 64 })
  t.match((await send(bob.handle, '')).error(), { code: 'content/invalid', exit: 65 })
  t.match((await send(bob.handle)).error(), { code: 'content/invalid', exit: 65 })
  const history = await alice.run(['history', bob.handle, '--json'])
  t.equal(history.stdout, '')
})

test('an argument that is not UTF-8 is refused, and the replacement character itself is not', async (t) => {
  const { alice } = await beginPair(t)
  const env = isolatedEnvironment(alice.home, { SOTTO_HOME: alice.home })
  const shell = (text: string) =>
    spawnSync(
      'sh',
      ['-c', `"$0" "$1" send me --json "$(printf '${text}')"`, process.execPath, SOTTO],
      {
        ...{ env, encoding: 'utf8' },
      },
    )

  const broken = shell('caf\\351')
  const typed = shell('caf\\357\\277\\275')

  t.equal(broken.status, 64)
  t.match(broken.stderr, /argument 4 is not text in UTF-8/)
  t.equal(typed.status, 0, typed.stderr)
  const history = await historyOf(alice, 'me')
  t.same(
    history.map(({ message }) => message.text),
    ['caf\ufffd'],
  )
})

test('a text that is not UTF-8 or too long is refused whole', async (t) => {
  const { alice, bob } = await beginPair(t)

  const latin1 = await alice.run(['send', bob.handle, '--json'], {
    input: new Uint8Array([0x67, 0xfc, 0x6e]),
  })
  const long = await alice.run(['send', bob.handle, '--json'], { input: 'x'.repeat(100_000) })
  const longest = await alice.run(['send', bob.handle], { input: 'x'.repeat(60 * 1024) })
  const received = await succeed(bob.run(['receive', '--json']))

  t.match(latin1.error(), { code: 'content/invalid', exit: 65 })
  t.match(long.error(), { code: 'content/too-large', exit: 65 })
  t.equal(longest.code, 0, longest.stderr)
  t.same(
    textsOf(received.jsonLines<EventLine>()).map((text) => text?.length),
    [60 * 1024],
  )
})
