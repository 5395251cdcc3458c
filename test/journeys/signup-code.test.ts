import { join } from 'node:path'

import { test } from 'tap'

import { isolatedEnvironment, personAt, Screen, SOTTO, tempDir } from '../harness/index.js'
import { startInviteRelay } from './support/invite-relay.js'

test('a relay by invitation takes who shows a code, and tells everybody else what is wrong', async (t) => {
  const { relay, code } = await startInviteRelay(t)
  const dir = tempDir(t)
  const once = await code(1)
  const create = (home: string, ...args: readonly string[]) =>
    personAt(join(dir, home), home).run([
      'account',
      'create',
      '--relay',
      relay.url,
      ...args,
      '--json',
    ])

  const without = await create('a')
  const typo = await create('b', '--code', once.slice(1))
  const wrong = await create('c', '--code', '00000-00000-00000-00000')
  const made = await create('d', '--code', once.toLowerCase(), '--username', 'dora.42')
  const spent = await create('e', '--code', once)

  t.match(without, { code: 77, stderr: /"relay\/registration-closed".*--code CODE/ })
  t.match(typo, { code: 64, stderr: /that is no sign-up code/ })
  t.match(wrong, { code: 77, stderr: /"signup-code\/unknown"/ })
  t.match(made, { code: 0, stdout: /dora\.42/ })
  t.match(spent, { code: 77, stderr: /"signup-code\/used-up"/ })
})

test('the first run asks for a code where the relay wants one', async (t) => {
  const { relay, code } = await startInviteRelay(t)
  const dir = tempDir(t)
  const env = isolatedEnvironment(dir, { SOTTO_HOME: join(dir, 'new'), TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, columns: 100, rows: 30, env })

  await screen.shows(/Which relay\?/)
  screen.type(`${relay.url}\r`)
  await screen.shows(/Your sign-up code\?/)
  screen.type(`${await code(1)}\r`)
  await screen.shows(/Your username\?/)
  screen.type('\u0015dora.42')
  await screen.shows(/✓ dora\.42: free/)
  screen.type('\r')
  await screen.shows(/In a file that only you can read/)
  screen.type('\r')
  await screen.shows(/You are @dora\.42/)
})
