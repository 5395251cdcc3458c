import { test } from 'tap'

import { makePerson, succeed } from '../harness/index.js'
import { beginPair } from './support/pair.js'

/** Dies at the mark: SIGKILL, nothing is cleaned up. */
const at = (name: string) => ({ env: { SOTTO_CRASHPOINT: name } })

interface AccountLine {
  readonly account: { readonly username: string | null }
}

for (const name of ['account.renamed', 'account.edited']) {
  test(`a change of username that dies at ${name} is finished by the same command`, async (t) => {
    const { alice, bob } = await beginPair(t)
    const edit = ['account', 'edit', '--username', 'alice.77', '--json']

    const died = await alice.run(edit, at(name))
    const again = await succeed(alice.run(edit))
    const shown = await succeed(alice.run(['account', 'show', '--json']))
    const found = await bob.run(['contact', 'add', '@alice.77', '--json'])

    t.equal(died.signal, 'SIGKILL')
    t.match(again.json<AccountLine>(), { account: { username: 'alice.77' } })
    t.match(shown.json<AccountLine>(), { account: { username: 'alice.77' } })
    t.equal(found.code, 0, found.stderr)
  })
}

test('a change of username that died before the label was written is seen by the next command', async (t) => {
  const { alice } = await beginPair(t)

  await alice.run(['account', 'edit', '--username', 'alice.77'], at('account.edited'))
  const before = await succeed(alice.run(['account', 'show', '--json']))
  await succeed(alice.run(['contact', 'list']))
  const after = await succeed(alice.run(['account', 'show', '--json']))

  t.match(before.json<AccountLine>(), { account: { username: 'alice.42' } })
  t.match(after.json<AccountLine>(), { account: { username: 'alice.77' } })
})

for (const name of ['access-key.stored', 'access-key.published']) {
  test(`after a block that dies at ${name} the others can write, and who is blocked cannot be read`, async (t) => {
    const { dir, relay, alice, bob } = await beginPair(t)
    const carol = await makePerson(relay, dir, 'carol')
    await succeed(carol.run(['contact', 'add', alice.handle]))
    await succeed(alice.run(['contact', 'add', carol.handle]))
    for (const peer of [bob, carol]) {
      await succeed(peer.run(['send', alice.handle, 'hello']))
      await succeed(alice.run(['receive']))
      await succeed(peer.run(['receive']))
    }

    const blocked = await alice.run(['contact', 'block', bob.handle, '--yes'], at(name))
    const died = blocked.signal === null ? await alice.run(['receive'], at(name)) : blocked
    await succeed(alice.run(['receive']))
    await succeed(carol.run(['receive']))
    const sent = await carol.run(['send', alice.handle, 'after it', '--json'])
    await bob.run(['send', alice.handle, 'are you there?'])
    const received = await succeed(alice.run(['receive', '--type', 'message.received', '--json']))

    t.equal(died.signal, 'SIGKILL')
    t.match(sent.json(), { status: 'accepted' })
    t.match(received.jsonLines(), [{ message: { text: 'after it' } }])
    t.equal(received.jsonLines().length, 1)
  })
}
