import { test } from 'tap'

import { makePerson, sotto, startRelay, startSotto, succeed, tempDir } from '../harness/index.js'
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
