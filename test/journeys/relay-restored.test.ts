import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import { makePerson, startRelay, succeed, tempDir } from '../harness/index.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'

/** A relay put back from a backup in which Alice, who has become `alice.42`, is `before.42`. */
async function restored(t: Test) {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'before')
  await relay.stop()
  const backup = join(dir, 'backup')
  cpSync(relay.dataDir, backup, { recursive: true })
  const again = await startRelay(t, { dir, port: relay.port })
  await succeed(alice.run(['account', 'edit', '--username', 'alice.42']))
  await again.stop()
  rmSync(relay.dataDir, { recursive: true })
  cpSync(backup, relay.dataDir, { recursive: true })
  const back = await startRelay(t, { dir, port: relay.port, args: ['--restored'] })
  return { dir, alice, relay: back }
}

test('who reaches a restored relay has their username again, and nobody finds them by the old one', async (t) => {
  const { dir, alice, relay } = await restored(t)
  const bob = await makePerson(relay, dir, 'bob')

  const lost = await bob.run(['contact', 'add', '@alice.42', '--json'])
  await succeed(alice.run(['receive']))
  const found = await succeed(bob.run(['contact', 'add', '@alice.42', '--json']))
  const old = await bob.run(['contact', 'add', '@before.42', '--json'])

  t.match(lost.error(), { code: 'recipient/unknown' })
  t.match(found.json<object>(), { contact: { handle: '@alice.42' } })
  t.match(old.error(), { code: 'recipient/unknown' })
})

test('a username that another account took meanwhile is told at once and by the doctor, and can be changed', async (t) => {
  const { dir, alice, relay } = await restored(t)
  await makePerson(relay, dir, 'alice')

  const received = await succeed(alice.run(['receive']))
  const shown = await succeed(alice.run(['account', 'show', '--json']))
  const examined = await alice.run(['doctor', '--json'])
  await succeed(alice.run(['account', 'edit', '--username', 'alice.43']))
  const after = await alice.run(['doctor', '--json'])

  t.match(received.stderr, /another account has your username at this relay now/)
  t.match(shown.json<object>(), { account: { username: 'alice.42' } })
  t.match(examined.stdout, /"name":"username","status":"warning"/)
  t.notMatch(after.stdout, /"name":"username"/)
})

test('what a restored relay has lost of what nobody had received arrives all the same, once and in order', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  const backup = join(dir, 'backup')
  await succeed(alice.run(['send', bob.handle, 'hello']))
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', alice.handle, 'hi']))
  await succeed(alice.run(['receive']))
  await succeed(alice.run(['send', bob.handle, 'in the backup']))
  await relay.stop()
  cpSync(relay.dataDir, backup, { recursive: true })
  const again = await startRelay(t, { dir, port: relay.port })
  for (const text of ['one', 'two']) await succeed(alice.run(['send', bob.handle, text]))
  await again.stop()
  rmSync(relay.dataDir, { recursive: true })
  cpSync(backup, relay.dataDir, { recursive: true })
  await startRelay(t, { dir, port: relay.port, args: ['--restored'] })

  await succeed(alice.run(['receive']))
  const received = await succeed(bob.run(['receive', '--json']))
  const outbox = await succeed(alice.run(['outbox', 'list', '--json']))
  await succeed(alice.run(['receive']))
  const last = await succeed(alice.run(['message', 'show', '@last', '--json']))

  t.same(textsOf(received.jsonLines<EventLine>()), ['in the backup', 'one', 'two'])
  t.match(received.stdout, /"reason":"relay-restored"/)
  t.equal(outbox.stdout, '')
  t.match(last.json<object>(), { message: { text: 'two', status: 'delivered' } })
})
