import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import { startRelay, succeed } from '../harness/index.js'
import { isolatedEnvironment } from '../harness/environment.js'
import { ProgramProcess } from '../harness/program-process.js'
import { SOTTO_RELAY } from '../harness/repository.js'
import { follow } from './support/owner.js'
import { beginPair, type EventLine } from './support/pair.js'

test('a relay whose log is damaged does not start, and when it goes on its people hear of the break', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  const following = await follow(t, bob, 'message.received,gap')
  await succeed(alice.run(['send', bob.handle, 'before']))
  await following.json<EventLine>()
  await following.stop()
  const path = join(relay.dataDir, 'relay.db-wal')
  await succeed(alice.run(['send', bob.handle, 'one']))
  const place = statSync(path).size + 1_000
  for (const text of ['two', 'three', 'four', 'five', 'six', 'seven'])
    await succeed(alice.run(['send', bob.handle, text]))
  await relay.kill()
  writeFileSync(path, readFileSync(path).fill(0x5a, place, place + 512))

  const refused = new ProgramProcess(t, {
    program: SOTTO_RELAY,
    args: ['--listen', '127.0.0.1:0', '--data', relay.dataDir],
    env: isolatedEnvironment(join(dir, 'home')),
  })
  t.match(await refused.ended, { code: 74 })
  t.match(refused.stderr, /the database is damaged: its log is damaged {2}\[store\/damaged\]/)
  t.match(refused.stderr, /--restored/)

  await startRelay(t, { dir, port: relay.port, args: ['--restored'] })
  const heard = await follow(t, bob, 'message.received,gap')
  await succeed(alice.run(['send', bob.handle, 'afterwards']))
  await heard.json<EventLine>(({ message }) => message?.text === 'afterwards')

  t.match(
    heard.lines
      .map((line) => JSON.parse(line) as EventLine)
      .filter(({ type }) => type !== 'backlog.done'),
    [
      { type: 'gap', reason: 'relay-restored' },
      { type: 'message.received', message: { text: 'one' } },
      { type: 'message.received', message: { text: 'afterwards' } },
    ],
  )
})
