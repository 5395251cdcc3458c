import { test, type Test } from 'tap'

import { historyOf, startSotto, succeed, type Person } from '../harness/index.js'
import { own } from './support/owner.js'
import { beginPair } from './support/pair.js'

/** A send of lines through the owner, of whose first line it has heard that it is accepted. */
async function sendsLines(t: Test, by: Person, args: readonly string[]) {
  const sending = startSotto(t, by.home, ['send', ...args, '--lines', '--json'])
  sending.write('before\n')
  await sending.json<{ status: string }>(({ status }) => status === 'accepted')
  return sending
}

test('an owner that is stopped before it was asked is 83 within --timeout, and nothing was done', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await own(t, bob)
  owner.signal('SIGSTOP')

  const refused = await bob.run(['send', alice.handle, 'hi', '--timeout', '2s', '--json'])
  owner.signal('SIGCONT')

  t.match(refused.error(), { code: 'account/busy', message: new RegExp(String(owner.pid)) })
  t.same(await historyOf(bob, alice.handle), [])
})

test('an owner that is stopped while it is asked is 83 after --timeout, and says what may still be', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await own(t, bob)
  const sending = await sendsLines(t, bob, [alice.handle, '--id', 'evening', '--timeout', '2s'])

  owner.signal('SIGSTOP')
  sending.write('meanwhile\n')
  sending.endInput()
  const { code } = await sending.ended
  owner.signal('SIGCONT')
  await succeed(bob.run(['send', alice.handle, 'meanwhile', '--id', 'evening:2']))
  await succeed(alice.run(['receive']))

  t.equal(code, 83)
  t.match(sending.stderr, /has not answered for 3 s/)
  t.match(sending.stderr, /may still go when it wakes/)
  t.same(
    (await historyOf(alice, bob.handle)).map(({ message }) => message.text),
    ['before', 'meanwhile'],
    'asked for again with its id it came once',
  )
})

test('without --timeout an owner that is stopped is 83, and what was asked is done when it goes on', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await own(t, bob)
  const sending = await sendsLines(t, bob, [alice.handle])

  owner.signal('SIGSTOP')
  sending.write('meanwhile\n')
  sending.endInput()
  const { code } = await sending.ended
  const stopped = await historyOf(alice, bob.handle)
  owner.signal('SIGCONT')
  await succeed(
    alice.run(['receive', '--type', 'message.received', '--max', '2', '--timeout', '1m']),
  )

  t.equal(code, 83)
  t.match(sending.stderr, /may still go when it wakes/)
  t.same(stopped, [])
  t.same(
    (await historyOf(alice, bob.handle)).map(({ message }) => message.text),
    ['before', 'meanwhile'],
  )
})

test('an owner that goes on in time has answered', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await own(t, bob)
  const sending = await sendsLines(t, bob, [alice.handle])

  owner.signal('SIGSTOP')
  sending.write('meanwhile\n')
  sending.endInput()
  owner.signal('SIGCONT')

  t.match(await sending.ended, { code: 0 })
})
