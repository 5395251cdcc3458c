import { join } from 'node:path'
import { test, type Test } from 'tap'
import {
  historyOf,
  makePair,
  makePerson,
  personAt,
  startRelay,
  succeed,
  tempDir,
  type Person,
  type RelayProcess,
} from '../harness/index.js'
import { drainPrekeys, submitJunk } from '../harness/stranger.js'

interface Scene {
  readonly dir: string
  readonly relay: RelayProcess
  readonly alice: Person
  readonly bob: Person
}

async function begin(t: Test): Promise<Scene> {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  return { dir, relay, ...(await makePair(relay, dir)) }
}

/** Dies at the mark: SIGKILL, nothing is cleaned up. */
const at = (name: string) => ({ env: { SOTTO_CRASHPOINT: name } })

async function textsOf(person: Person, conversation: string): Promise<readonly string[]> {
  return (await historyOf(person, conversation)).map((line) => line.message.text)
}

for (const name of [
  'send.composed',
  'send.sealed',
  'send.submitted',
  'send.answered',
  'send.accepted',
]) {
  test(`a sender that dies at ${name} has its message delivered once`, async (t) => {
    const { alice, bob } = await begin(t)

    const died = await alice.run(['send', bob.handle, 'first', '--id', 'one'], at(name))
    const again = await alice.run(['send', bob.handle, 'first', '--id', 'one'])
    await succeed(alice.run(['send', bob.handle, 'second']))
    await succeed(bob.run(['receive']))

    t.equal(died.signal, 'SIGKILL')
    t.equal(again.code, 0, again.stderr)
    t.same(await textsOf(bob, alice.handle), ['first', 'second'])
    t.same(await textsOf(alice, bob.handle), ['first', 'second'])
  })
}

test('a writer that dies at typing.sealed leaves nothing behind, and its next message opens', async (t) => {
  const { alice, bob } = await begin(t)
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', alice.handle, 'hello']))
  await succeed(alice.run(['receive']))

  const died = await alice.run(['conv', 'typing', bob.handle], at('typing.sealed'))
  const waiting = await succeed(alice.run(['outbox', 'list', '--json']))
  await succeed(alice.run(['send', bob.handle, 'what I was typing']))
  await succeed(bob.run(['receive']))

  t.equal(died.signal, 'SIGKILL')
  t.equal(waiting.stdout, '')
  t.same(await textsOf(bob, alice.handle), ['hello', 'what I was typing'])
})

for (const name of [
  'receive.opening',
  'receive.opened',
  'receive.committed',
  'receive.acknowledged',
]) {
  test(`a receiver that dies at ${name} has every message once`, async (t) => {
    const { alice, bob } = await begin(t)
    await succeed(alice.run(['send', bob.handle, 'first']))
    await succeed(alice.run(['send', bob.handle, 'second']))

    const died = await bob.run(['receive', '--json'], at(name))
    const again = await succeed(bob.run(['receive', '--json']))

    const texts = [...died.jsonLines<Received>(), ...again.jsonLines<Received>()].flatMap(
      (event) => event.message?.text ?? [],
    )
    t.equal(died.signal, 'SIGKILL')
    t.same([...new Set(texts)], ['first', 'second'])
    t.same(await textsOf(bob, alice.handle), ['first', 'second'])
  })
}

interface Received {
  readonly type: string
  readonly message?: { readonly text: string }
}

test('a receiver that dies at receive.quarantined shows the loss once and goes on', async (t) => {
  const { relay, alice, bob } = await begin(t)
  await submitJunk(relay.url, bob.home)
  await succeed(alice.run(['send', bob.handle, 'after the junk']))

  const died = await bob.run(['receive', '--json'], at('receive.quarantined'))
  const again = await succeed(bob.run(['receive', '--json']))

  const types = again.jsonLines<Received>().map((event) => event.type)
  t.equal(died.signal, 'SIGKILL')
  t.same(types.filter((type) => type === 'message.undecryptable').length, 1)
  t.same(await textsOf(bob, alice.handle), ['after the junk'])
})

test('a receiver that dies three times at one envelope is past it the fourth time', async (t) => {
  const { alice, bob } = await begin(t)
  await succeed(alice.run(['send', bob.handle, 'deadly']))
  await succeed(alice.run(['send', bob.handle, 'innocent']))

  const first = await bob.run(['receive', '--json'], at('receive.opening'))
  const second = await bob.run(['receive', '--json'], at('receive.opening'))
  const third = await bob.run(['receive', '--json'], at('receive.opening'))
  const fourth = await succeed(bob.run(['receive', '--json']))

  t.same(
    [first, second, third].map(({ signal }) => signal),
    ['SIGKILL', 'SIGKILL', 'SIGKILL'],
  )
  const types = fourth.jsonLines<Received>().map((event) => event.type)
  t.equal(types.filter((type) => type === 'message.undecryptable').length, 1)
  t.same(await textsOf(bob, alice.handle), ['innocent'])
})

for (const name of ['prekeys.stored', 'prekeys.published']) {
  test(`a device that dies at ${name} can still be written to by somebody new`, async (t) => {
    const { dir, relay, bob } = await begin(t)
    await drainPrekeys(relay.url, bob.home, 60)

    const died = await bob.run(['receive'], at(name))
    await succeed(bob.run(['receive']))
    const carol = await makePerson(relay, dir, 'carol')
    await succeed(carol.run(['contact', 'add', bob.handle]))
    await succeed(carol.run(['send', bob.handle, 'hello from carol']))
    const received = await succeed(bob.run(['receive', '--json']))

    t.equal(died.signal, 'SIGKILL')
    t.match(
      received.jsonLines<Received>().map((event) => event.message?.text),
      ['hello from carol'],
    )
  })
}

for (const name of ['account.stored', 'account.registered']) {
  test(`an account whose creation dies at ${name} is the same account when created again`, async (t) => {
    const dir = tempDir(t)
    const relay = await startRelay(t, { dir })
    const alice = personAt(join(dir, 'alice'), 'alice')
    const create = ['account', 'create', '--relay', relay.url, '--username', 'alice.42', '--json']

    const died = await alice.run(create, at(name))
    const none = await alice.run(['account', 'list', '--json'])
    const again = await alice.run(create)
    const bob = await makePerson(relay, dir, 'bob')

    t.equal(died.signal, 'SIGKILL')
    t.equal(none.stdout, '')
    t.equal(again.code, 0, again.stderr)
    t.match((await alice.run(['account', 'list', '--json'])).jsonLines().length, 1)
    t.equal((await bob.run(['contact', 'add', alice.handle])).code, 0)
  })
}
