import { test, type Test } from 'tap'

import { startSotto, succeed, type Person } from '../harness/index.js'
import { beginPair, beginStrangers, type Pair } from './support/pair.js'

interface Told {
  readonly type: string
  readonly seq?: number
  readonly conversation?: { readonly name: string }
  readonly sender?: { readonly handle: string | null; readonly self: boolean }
}

interface Request {
  readonly sender: { readonly id: string }
}

/** Alice and Bob, who have written to each other. */
async function beginFriends(t: Test): Promise<Pair> {
  const pair = await beginPair(t)
  const { alice, bob } = pair
  await succeed(bob.run(['send', alice.handle, 'hello']))
  await succeed(alice.run(['receive']))
  await succeed(alice.run(['send', bob.handle, 'hi']))
  await succeed(bob.run(['receive']))
  await succeed(alice.run(['receive']))
  return pair
}

const TYPES = 'typing.started,typing.stopped,message.received,backlog.done'

/** What is told to somebody from now on: that nothing waits any more was told already. */
async function listen(t: Test, { home }: Person) {
  const running = startSotto(t, home, ['receive', '--follow', '--json', '--type', TYPES])
  const told = (): readonly Told[] => running.lines.map((line) => JSON.parse(line) as Told)
  await running.json<Told>(({ type }) => type === 'backlog.done')
  return {
    types: () =>
      told()
        .map(({ type }) => type)
        .filter((type) => type !== 'backlog.done'),
    first: (type: string) => told().find((each) => each.type === type),
    hears: (wanted: string) => running.json<Told>(({ type }) => type === wanted),
  }
}

const typing = (who: Person, to: Person, ...more: string[]) =>
  succeed(who.run(['conv', 'typing', to.handle, ...more]))

test('who listens is told that somebody writes, until they have written', async (t) => {
  const { alice, bob } = await beginFriends(t)
  const heard = await listen(t, alice)
  const owner = await listen(t, bob) // One process tells it, so that it is told once.
  t.equal((await typing(bob, alice)).stdout, '')
  await heard.hears('typing.started')
  await succeed(bob.run(['send', alice.handle, 'this is what']))
  await heard.hears('typing.stopped')
  t.same([...heard.types()].sort(), ['message.received', 'typing.started', 'typing.stopped'])
  t.match(heard.first('typing.started'), {
    conversation: { name: bob.handle },
    sender: { handle: bob.handle, self: false },
  })
  t.equal(heard.first('typing.started')?.seq, undefined)
  t.same(owner.types(), [], 'and nobody is told of themselves')
  const later = await succeed(alice.run(['receive', '--as', 'later', '--json']))
  t.notMatch(later.stdout, /typing/, 'it is nowhere to be found later')
})

test('that somebody writes no more is told, too', async (t) => {
  const { alice, bob } = await beginFriends(t)
  const heard = await listen(t, alice)
  await listen(t, bob)
  await typing(bob, alice)
  await typing(bob, alice, '--stop')
  await heard.hears('typing.stopped')
  t.same(heard.types(), ['typing.started', 'typing.stopped'])
})

test('switched off, nobody is told, neither they nor we, and the message comes all the same', async (t) => {
  const { alice, bob } = await beginFriends(t)
  const off = await succeed(bob.run(['account', 'edit', '--typing', 'off', '--json']))
  t.match(off.json(), { account: { typing: false } })
  t.match((await succeed(bob.run(['account', 'show']))).stdout, /typing +off/)
  const [heard, owner] = [await listen(t, alice), await listen(t, bob)]
  await typing(bob, alice)
  await typing(alice, bob)
  await succeed(bob.run(['send', alice.handle, 'to her']))
  await succeed(alice.run(['send', bob.handle, 'to him']))
  await heard.hears('message.received')
  await owner.hears('message.received')
  t.same([heard.types(), owner.types()], [['message.received'], ['message.received']])
  t.equal((await bob.run(['account', 'edit', '--typing', 'perhaps'])).code, 64)
})

test('who is blocked hears nothing of it, and is not heard', async (t) => {
  const { alice, bob } = await beginFriends(t)
  const [heard, owner] = [await listen(t, alice), await listen(t, bob)]
  await succeed(bob.run(['contact', 'block', alice.handle]))
  await typing(bob, alice)
  await typing(alice, bob)
  await succeed(bob.run(['contact', 'unblock', alice.handle]))
  await succeed(bob.run(['send', alice.handle, 'again']))
  await heard.hears('message.received')
  t.same([heard.types(), owner.types()], [['message.received'], []])
})

test('a request is told nothing of it, and tells nothing', async (t) => {
  const { alice, carol } = await beginStrangers(t)
  await succeed(carol.run(['contact', 'add', alice.handle]))
  await succeed(carol.run(['send', alice.handle, 'may I?']))
  const request = await succeed(alice.run(['receive', '--json', '--type', 'contact.request']))
  const stranger = { ...carol, handle: `acct:${request.json<Request>().sender.id}` }
  const [asked, asking] = [await listen(t, alice), await listen(t, carol)]
  await typing(carol, alice)
  await typing(alice, stranger)
  await succeed(alice.run(['contact', 'accept', stranger.handle]))
  await succeed(alice.run(['send', stranger.handle, 'you may']))
  await asking.hears('message.received')
  await asked.hears('message.received')
  t.same([asked.types(), asking.types()], [['message.received'], ['message.received']])
})

test('without the relay it is as if it had been told, and nothing waits for it', async (t) => {
  const { relay, alice, bob } = await beginFriends(t)
  await relay.stop()
  t.equal((await typing(bob, alice)).stderr, '')
  t.equal((await succeed(bob.run(['outbox', 'list', '--json']))).stdout, '')
  t.equal((await bob.run(['conv', 'typing', '@nobody'])).code, 67)
  t.equal((await bob.run(['conv', 'typing', 'me'])).code, 0)
})
