import { test } from 'tap'

import { historyOf, startSotto, succeed, type Person } from '../harness/index.js'
import { beginPair, textsOf, type EventLine, type Pair } from './support/pair.js'
import type { Scope } from '../harness/index.js'

/** Somebody's `receive --follow`, once it owns the account and answers. */
async function follow(t: Scope, { home }: Person, ...args: string[]) {
  const following = startSotto(t, home, ['receive', '--follow', '--json', ...args])
  await following.json<{ type: string }>(({ type }) => type === 'backlog.done')
  return following
}

const OWNING = ['--type', 'message.received,backlog.done']

async function beginOwned(t: Scope & Parameters<typeof beginPair>[0]): Promise<Pair> {
  const pair = await beginPair(t)
  await follow(t, pair.bob, ...OWNING)
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
  t.match((await succeed(alice.run(['receive']))).stdout, /thin/)
})

test('beside an owner errors are what they are alone, with their exit codes', async (t) => {
  const { alice, bob } = await beginOwned(t)

  const unknown = await bob.run(['history', '@nobody.99', '--json'])
  await succeed(bob.run(['send', alice.handle, 'one', '--id', 'k']))
  const reused = await bob.run(['send', alice.handle, 'two', '--id', 'k', '--json'])

  t.match(unknown.error(), { code: 'recipient/unknown', exit: 67 })
  t.match(reused.error(), { code: 'send-id/reused', exit: 65 })
})

test('a socket that nobody answers at is a clear error, and nothing is done', async (t) => {
  const { alice, bob } = await beginOwned(t)

  const wrong = await bob.run(['send', alice.handle, 'x', '--socket', '/nowhere/x', '--json'])

  t.match(wrong.error(), { code: 'socket/unanswered', exit: 75, retryable: true })
  t.same(await historyOf(bob, alice.handle), [])
})

test('an owner that is killed leaves the account to the next command at once', async (t) => {
  const { alice, bob } = await beginPair(t)
  const following = await follow(t, bob, ...OWNING)
  await following.kill()

  const sent = await bob.run(['send', alice.handle, 'after it was killed', '--json'])

  t.match(sent, { code: 0 }, sent.stderr)
})

test('receive beside a follower prints what the consumer has not seen', async (t) => {
  const { alice, bob } = await beginPair(t)
  const following = await follow(t, bob, '--type', 'backlog.done')
  await succeed(alice.run(['send', bob.handle, 'one']))
  // The follower counted it as seen, or this does: it is never left out and never comes back.
  const first = await succeed(bob.run(['receive', '--json']))
  await following.stop()
  const after = await succeed(bob.run(['receive', '--json', '--type', 'message.received']))

  t.ok(textsOf(first.jsonLines<EventLine>()).length <= 1)
  t.same(textsOf(after.jsonLines<EventLine>()), [])
})
