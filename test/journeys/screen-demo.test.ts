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

test('without a terminal --plain is the chat as lines, out of a pipe and into one', async (t) => {
  const home = tempDir(t)
  const stdin = '/list\n3\nhello from a pipe\n/open bob\n'
  const { code, stdout } = await sotto(home, ['--plain', '--demo'], { input: stdin })
  t.equal(code, 0)
  t.match(stdout, /3 {2}@echo\.11[^]*-- @echo\.11 --[^]*you: hello from a pipe[^]*-- @bob --/)
  t.notMatch(stdout, /\u001b\[\d*[A-K]/, 'no cursor is moved')
})

test('a terminal that can no more, and a screen reader, get lines', async (t) => {
  const home = tempDir(t)
  for (const extra of [{ TERM: 'dumb' }, { TERM: 'xterm', INK_SCREEN_READER: 'true' }]) {
    const env = isolatedEnvironment(home, { SOTTO_HOME: home, ...extra })
    const screen = new Screen(t, { program: SOTTO, args: ['--demo'], env, columns: 100 })
    await screen.shows(/\/open and a number or name chooses one/)
    screen.type('/open bob\r')
    await screen.shows(/Where are you\?\n-- @bob --/)
    t.notOk(screen.isFull)
    t.notMatch(screen.bytes, /\u001b\[\d*[A-K]/)
    screen.type('\u0004')
    t.equal(await screen.ended, 0)
  }
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
