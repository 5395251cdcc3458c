import { readdirSync } from 'node:fs'
import { test } from 'tap'

import { isolatedEnvironment, Screen, SOTTO, sotto, tempDir } from '../harness/index.js'

test('the demo opens without an account, answers, and leaves nothing on the disk', async (t) => {
  const home = tempDir(t)
  const env = isolatedEnvironment(home, { SOTTO_HOME: home, TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, args: ['--demo'], env, columns: 100, rows: 30 })
  await screen.shows(/@alice\.42 .*\[2\]/)
  screen.type('\u000becho\r')
  await screen.shows(/I am a bot and repeat/)
  screen.type('round and round\r')
  await screen.shows(/You {2}\d\d:\d\d +read ✓✓\n[^]*round and round\n[^]*round and round/)
  screen.type('\u0004')
  t.equal(await screen.ended, 0)
  t.same(filesBelow(home), [])
})

test('the demo does nothing that would look real', async (t) => {
  const home = tempDir(t)
  const sent = await sotto(home, ['send', '@bob.42', 'hello', '--demo'])
  t.match(sent, { code: 64, stderr: /--demo is for the chat alone/ })
  t.same(filesBelow(home), [])
})

function filesBelow(folder: string): readonly string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
  return all.filter((each) => each.isFile()).map(({ name }) => name)
}
