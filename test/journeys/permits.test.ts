import { join } from 'node:path'

import { test, type Test } from 'tap'

import { makePerson, startRelay, succeed, tempDir } from '../harness/index.js'

/** Alice and Bob, at a relay that gives each of them so many permits a day. */
async function beginWith(t: Test, permits: number) {
  const dir = tempDir(t)
  const args = ['--limit', `permitBatch=${String(permits)}`]
  const relay = await startRelay(t, { dir: join(dir, 'relay'), args })
  const [alice, bob] = await Promise.all([
    makePerson(relay, dir, 'alice'),
    makePerson(relay, dir, 'bob'),
  ])
  return { alice, bob }
}

test('to look somebody up and to write to them first costs two permits; without, nothing is lost', async (t) => {
  const { alice, bob } = await beginWith(t, 2)
  await succeed(alice.run(['contact', 'add', bob.handle]))

  const sent = [
    await alice.run(['send', bob.handle, 'one']),
    await alice.run(['send', bob.handle, 'two']),
    await alice.run(['send', bob.handle, 'three']),
  ]
  const fourth = await alice.run(['send', bob.handle, 'four', '--json'])
  const looked = await alice.run(['contact', 'add', '@carol.42', '--json'])

  t.same(
    sent.map(({ code }) => code),
    [0, 0, 0],
  )
  t.match(fourth, { code: 79, stdout: /"status":"queued"/ })
  t.match(looked, { code: 82, stderr: /"permit\/none"/ })
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['contact', 'accept', alice.handle]))
  await succeed(alice.run(['receive']))
  const texts = await succeed(bob.run(['receive', '--json', '--type', 'message.received']))
  t.match(texts.stdout, /"four"/, 'who has the key needs no permit')
})

test('an account that was never online tries once to draw permits, and then says why it cannot look up', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir: join(dir, 'relay') })
  const alice = await makePerson(relay, dir, 'alice')
  await relay.stop()

  const looked = await alice.run(['contact', 'add', '@carol.42', '--verbose'])

  t.match(looked, { code: 69, stderr: /relay\/unreachable/ })
  t.equal(looked.stderr.match(/connection\.lost/g)?.length, 1)
})

test('an invite is leave to write where no permit is left', async (t) => {
  const { alice, bob } = await beginWith(t, 1)
  const spent = await bob.run(['contact', 'add', '@carol.42', '--json'])
  const created = await succeed(alice.run(['invite', 'create', '--json']))
  const { link } = created.json<{ readonly invite: { readonly link: string } }>().invite

  const before = await bob.run(['contact', 'add', link, '--json'])
  await succeed(alice.run(['receive'])) // Which tells the relay of it.
  const added = await bob.run(['contact', 'add', link, '--json'])
  const sent = await bob.run(['send', link, 'by your invite', '--json'])
  const received = await succeed(alice.run(['receive', '--type', 'message.received', '--json']))

  t.match(spent, { code: 67 }, 'nobody has that name, and the permit is gone')
  t.match(before, { code: 82, stderr: /"permit\/none"/ }, 'the relay does not know the invite yet')
  t.equal(added.code, 0, added.stderr)
  t.match(sent, { code: 0, stdout: /"status":"accepted"/ })
  t.match(received.stdout, /by your invite/)
})
