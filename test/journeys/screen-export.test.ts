import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'

import { isolatedEnvironment, Screen, SOTTO, succeed } from '../harness/index.js'
import { beginPair } from './support/pair.js'

test('a conversation is written out of the screen into a file that Tab found the folder of', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'take this with you']))
  const home = join(alice.home, 'person')
  mkdirSync(join(home, 'Documents'), { recursive: true })
  const env = isolatedEnvironment(alice.home, {
    ...{ SOTTO_HOME: alice.home, HOME: home, TERM: 'xterm-256color' },
  })
  const screen = new Screen(t, { program: SOTTO, env, columns: 80, rows: 24 })
  await screen.shows(/take this with you/)
  screen.type('\r')
  await screen.shows(/@bob\.42[^]*take this with you/)

  screen.type('/export ~/Doc')
  await screen.shows(/› Documents\//)
  screen.type('\ttalk.ndjson\r')
  await screen.shows(/1 message, unencrypted: ~\/Documents\/talk\.ndjson/)
  const path = join(home, 'Documents', 'talk.ndjson')
  t.equal(statSync(path).mode & 0o777, 0o600)
  const written = readFileSync(path, 'utf8').trimEnd().split('\n')
  const texts = written.map((line) => (JSON.parse(line) as { message?: { text: string } }).message)
  t.match(texts.at(-1), { text: 'take this with you' })

  screen.type('/export ~/Documents/talk.ndjson\r')
  await screen.shows(/there is a file already/)
  screen.type('/export ~/Nowhere/talk.ndjson\r')
  await screen.shows(/there is no folder for/)
  t.equal(readFileSync(path, 'utf8').trimEnd().split('\n').length, written.length)
})

test('lines write a conversation out too, and never over a file that is there', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'take this with you']))
  await succeed(alice.run(['receive']))
  const path = join(alice.home, 'talk.ndjson')
  const typed = [`/export`, `/export ${path}`, `/export ${path}`].join('\n')
  const { stderr, stdout } = await alice.run(['chat', bob.handle, '--plain'], {
    input: `${typed}\n`,
  })
  t.match(stdout + stderr, /into which file\?/)
  t.match(stdout, /1 message, unencrypted: .*talk\.ndjson/)
  t.match(stdout + stderr, /there is a file already/)
  t.match(readFileSync(path, 'utf8'), /take this with you/)
})
