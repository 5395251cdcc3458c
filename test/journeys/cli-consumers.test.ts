import { test, type Test } from 'tap'

import {
  makePerson,
  startRelay,
  startSotto,
  succeed,
  tempDir,
  type Person,
} from '../harness/index.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'

const RECEIVED = ['receive', '--json', '--type', 'message.received']

async function notes(person: Person, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await succeed(person.run(['send', 'me', text]))
}

async function eventsOf(person: Person, ...args: readonly string[]): Promise<readonly EventLine[]> {
  return (await succeed(person.run(['receive', '--json', ...args]))).jsonLines<EventLine>()
}

test('a named consumer has a cursor of its own, and begins at the beginning', async (t) => {
  const { alice } = await beginPair(t)
  await notes(alice, 'one', 'two')
  const seqs = async (...args: string[]) => (await eventsOf(alice, ...args)).map(({ seq }) => seq)

  const all = await seqs()
  t.same(await seqs('--as', 'backup'), all)
  t.same(await seqs('--as', 'backup'), [])
  t.same(await seqs('--as', 'other.bot-1', '--max', '1'), all.slice(0, 1))
  t.same(await seqs('--as', 'other.bot-1'), all.slice(1))
  const wrong = await alice.run(['receive', '--as', 'No Name', '--json'])
  t.match(wrong.error(), { exit: 64 })
})

test('--ack manual: only stdin moves the cursor, and the end of it ends the run', async (t) => {
  const { alice } = await beginPair(t)
  await notes(alice, 'one', 'two', 'three')
  const args = ['receive', '--json', '--as', 'bot', '--ack', 'manual', '--follow']
  const bot = startSotto(t, alice.home, args)
  const [one, two] = [await bot.json<EventLine>(), await bot.json<EventLine>()]
  await bot.json()
  bot.write(`${String(one.seq)}\n${String(two.seq)}\r\n`)
  bot.endInput()
  t.match(await bot.ended, { code: 0 })

  const again = await eventsOf(alice, '--as', 'bot')
  t.ok(again.length >= 1)
  t.ok(again.every(({ seq }) => seq > two.seq))
})

test('--ack manual: what was never printed cannot be acknowledged: 65, and nothing moves', async (t) => {
  const { alice } = await beginPair(t)
  await notes(alice, 'one')
  const run = (input: string, ...more: string[]) =>
    alice.run(['receive', '--json', '--as', 'bot', '--ack', 'manual', ...more], { input })

  t.match((await run('999999\n', '--timeout', '20s')).error(), {
    code: 'content/invalid',
    exit: 65,
  })
  t.match((await run('soon\n', '--timeout', '20s')).error(), { code: 'content/invalid', exit: 65 })
  t.not((await eventsOf(alice, '--as', 'bot')).length, 0)
  const unnamed = await alice.run(['receive', '--ack', 'manual', '--json'])
  t.match(unnamed.error(), { exit: 64, message: /consumer/ })
  t.match((await alice.run(['receive', '--as', 'x', '--ack', 'some', '--json'])).error(), {
    exit: 64,
  })
})

test('--since prints from a seq or a time on, and never moves the cursor back', async (t) => {
  const { alice } = await beginPair(t)
  await notes(alice, 'one', 'two')
  const all = await eventsOf(alice)
  const [first] = all

  t.same(await eventsOf(alice, '--since', '0'), all)
  t.same(await eventsOf(alice, '--since', String(first?.seq)), all.slice(1))
  t.same(await eventsOf(alice, '--since', 'yesterday 00:00'), all)
  t.same(await eventsOf(alice, '--since', 'tomorrow 00:00'), [])
  t.same(await eventsOf(alice), [])
  t.match((await alice.run(['receive', '--since', 'soon', '--json'])).error(), { exit: 64 })
})

test('--drain prints all that waits here and at the relay, and ends', async (t) => {
  const { relay, alice, bob } = await beginPair(t)
  for (const text of ['one', 'two']) await succeed(alice.run(['send', bob.handle, text]))

  t.same(textsOf(await eventsOf(bob, '--drain')), ['one', 'two'])
  t.same(await eventsOf(bob, '--drain', '--type', 'message.received'), [])
  await notes(bob, 'here')
  await relay.stop()
  const lost = await bob.run(['receive', '--drain', '--json'])
  t.equal(lost.code, 69)
  t.match(lost.error(), { code: 'relay/unreachable' })
  t.match(lost.jsonLines<object>()[0], { type: 'message.sent', message: { text: 'here' } })
  const both = await bob.run(['receive', '--drain', '--follow', '--json'])
  t.match(both.error(), { exit: 64 })
})

test('--fail-if-empty ends with 1 when nothing was printed, and only then', async (t) => {
  const { alice } = await beginPair(t)
  await notes(alice, 'one')

  t.match(await alice.run(['receive', '--fail-if-empty', '--json']), { code: 0 })
  const empty = await alice.run(['receive', '--fail-if-empty', '--json'])
  t.match(empty, { code: 1, stdout: '' })
  t.match(empty.error(), { code: 'events/none', exit: 1 })
})

/** Carol has written to Bob three times; he has never heard of her. */
async function stranger(t: Test) {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const bob = await makePerson(relay, dir, 'bob')
  const carol = await makePerson(relay, dir, 'carol')
  for (const text of ['one', 'two', 'three']) await succeed(carol.run(['send', bob.handle, text]))
  return { bob, carol }
}

test('--requests prints what a stranger writes after their request; accepted, all of it comes once', async (t) => {
  const { bob } = await stranger(t)
  const told = await eventsOf(bob, '--requests', '--type', 'contact.request,message.received')
  await succeed(bob.run(['contact', 'accept', '@carol.42']))
  const accepted = await eventsOf(bob, '--requests', '--type', 'message.received')
  const again = await eventsOf(bob, '--since', '0', '--requests')

  t.match(told, [
    { type: 'contact.request', message: { text: 'one' }, sender: { trust: 'request' } },
    {
      type: 'message.received',
      message: { text: 'two', held: true },
      sender: { trust: 'request' },
    },
    { type: 'message.received', message: { text: 'three' } },
  ])
  t.same(textsOf(accepted), ['one', 'two', 'three'])
  t.same(textsOf(again), ['one', 'two', 'three'], 'and only once, from the beginning too')
})

test('without --requests a stranger’s further messages count as seen, until they are accepted', async (t) => {
  const { bob } = await stranger(t)
  t.match(await eventsOf(bob), [{ type: 'contact.request', message: { text: 'one' } }])
  const { stdout } = await succeed(bob.run(RECEIVED))
  t.equal(stdout, '')
  await succeed(bob.run(['contact', 'accept', '@carol.42']))
  t.same(textsOf(await eventsOf(bob)), ['one', 'two', 'three'])
})
