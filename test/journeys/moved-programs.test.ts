import { join } from 'node:path'

import { test } from 'tap'

import { SOTTO, SOTTO_RELAY, sotto, startRelay, tempDir } from '../harness/index.js'
import { moveProgram } from './support/move-program.js'

test('the programs run from another folder, with their compiled parts beside them', async (t) => {
  const dir = tempDir(t)
  const relayProgram = moveProgram(SOTTO_RELAY, join(dir, 'relay-program'), ['prebuilds'])
  const program = moveProgram(SOTTO, join(dir, 'sotto-program'), ['prebuilds'])

  const relay = await startRelay(t, { dir: join(dir, 'relay'), program: relayProgram })
  const created = await sotto(
    join(dir, 'alice'),
    ['account', 'create', '--relay', relay.url, '--username', 'alice.42', '--json'],
    { program },
  )

  t.match(created, { code: 0 }, created.stderr)
  t.match(created.json<object>(), { v: 1, account: { username: 'alice.42', device: 1 } })
  t.match(await relay.stop(), { code: 0 })
})

test('help loads neither libsignal nor the database', async (t) => {
  const dir = tempDir(t)
  const program = moveProgram(SOTTO, join(dir, 'sotto-program'), [])

  const help = await sotto(join(dir, 'alice'), ['--help'], { program })
  const version = await sotto(join(dir, 'alice'), ['version'], { program })

  t.match(help, { code: 0, stdout: /Usage: sotto/, stderr: '' })
  t.match(version, { code: 0, stdout: /\d+\.\d+\.\d+/, stderr: '' })
})
