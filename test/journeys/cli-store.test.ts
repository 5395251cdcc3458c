import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import {
  historyOf,
  makePerson,
  sotto,
  startRelay,
  startSotto,
  succeed,
  tempDir,
} from '../harness/index.js'
import { schemaFaults } from './support/schemas.js'

test('how much is stored is told, and what nobody needs is given back', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')

  const empty = await succeed(alice.run(['store', 'stats', '--json']))
  await succeed(alice.run(['send', 'me', 'a note']))
  const stats = await succeed(alice.run(['store', 'stats', '--json']))
  const gc = await succeed(alice.run(['store', 'gc', '--json']))
  const forPeople = await succeed(alice.run(['store', 'stats']))
  const gcForPeople = await succeed(alice.run(['store', 'gc']))

  t.match(empty.json<object>(), { stats: { messages: 0, oldestMessageAt: null } })
  t.match(stats.json<object>(), { stats: { messages: 1, queued: 0, quarantined: 0 } })
  t.match(gc.json<object>(), { gc: { eventsForgotten: 0 } })
  t.same(schemaFaults('store-stats', empty.stdout + stats.stdout), [])
  t.same(schemaFaults('store-gc', gc.stdout), [])
  t.match(forPeople.stdout, /^messages +1\nconversations +1\n/)
  t.match(gcForPeople.stdout, /before, .* now; 0 events forgotten/)
  t.match((await alice.run(['history', 'me'])).stdout, /a note/)
})

test('each command leaves a short log behind, and the next one has what is in it', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const account = readdirSync(join(alice.home, 'accounts'))[0] ?? ''
  const log = join(alice.home, 'accounts', account, 'store.db-wal')
  const logBytes = () => statSync(log, { throwIfNoEntry: false })?.size ?? 0

  const sizes: number[] = []
  for (let index = 0; index < 12; index++) {
    await succeed(alice.run(['send', 'me', `${String(index)} ${'long '.repeat(12_000)}`]))
    sizes.push(logBytes())
  }
  const notes = await historyOf(alice, 'me')
  await succeed(alice.run(['store', 'gc']))

  t.ok((sizes[0] ?? 0) > 0, 'the first leaves one')
  t.ok(sizes.includes(0), 'one that has grown is emptied')
  t.ok(Math.max(...sizes) <= 1024 * 1024)
  t.same(
    notes.map(({ message }) => parseInt(message.text, 10)),
    sizes.map((_size, index) => index),
  )
  t.ok(logBytes() < 64 * 1024, 'and when asked')
})

test('the owner of an account counts and cleans for others', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  await succeed(alice.run(['send', 'me', 'a note']))
  const owner = startSotto(t, alice.home, [
    'receive',
    '--follow',
    '--json',
    '--type',
    'backlog.done',
  ])
  await owner.line((line) => line.includes('backlog.done'))

  const stats = await succeed(alice.run(['store', 'stats', '--json']))
  const gc = await succeed(alice.run(['store', 'gc', '--json']))

  t.match(stats.json<object>(), { stats: { messages: 1 } })
  t.match(gc.json<object>(), { gc: { eventsForgotten: 0 } })
  t.equal((await owner.stop()).code, 143)
})

test('without an account there is nothing to count', async (t) => {
  const home = tempDir(t)
  for (const verb of ['stats', 'gc'])
    t.match((await sotto(home, ['store', verb, '--json'])).error(), {
      code: 'account/none',
      exit: 84,
    })
})
