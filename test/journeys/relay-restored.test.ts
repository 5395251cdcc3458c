import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import { makePerson, startRelay, succeed, tempDir } from '../harness/index.js'

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
