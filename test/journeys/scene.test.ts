import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { test } from 'tap'

import { isolatedEnvironment, ProgramProcess, Screen, SOTTO, tempDir } from '../harness/index.js'

const SCENE = join(dirname(SOTTO), 'scene.js')

test('without a terminal the scene is a transcript that leaves nothing behind', async (t) => {
  const home = tempDir(t)
  const env = isolatedEnvironment(home)

  const scene = new ProgramProcess(t, { program: SCENE, args: [], env })
  scene.endInput()
  const end = await scene.ended
  const text = scene.lines.join('\n')

  t.match(end, { code: 0, signal: null }, scene.stderr)
  t.match(text, /alice \$ sotto send @bob "/)
  t.match(text, /relay\.db/)
  t.match(text, /an envelope that waits for bob: [0-9a-f]{48}…/)
  t.match(text, /found nothing/)
  t.same(readdirSync(env['TMPDIR'] ?? ''), [])
})

test('on a terminal the scene is a chat with a message waiting and a bot that answers', async (t) => {
  const home = tempDir(t)
  const env = isolatedEnvironment(home, { TERM: 'xterm' })
  const screen = new Screen(t, { program: SCENE, env })

  await screen.shows(/I am a bot/)
  await screen.shows(/>$/m)
  screen.type('is anybody there?\r')
  await screen.shows(
    /You +\d\d:\d\d[^]*is anybody there\?[^]*@echo\.\d+ +\d\d:\d\d[^]*is anybody there\?/,
  )
  screen.type('\u0004')

  t.equal(await screen.ended, 0)
  t.notOk(screen.isFull)
  t.same(readdirSync(env['TMPDIR'] ?? ''), [])
})

test('Ctrl-C twice ends the scene and everything it started', async (t) => {
  const home = tempDir(t)
  const env = isolatedEnvironment(home, { TERM: 'xterm' })
  const screen = new Screen(t, { program: SCENE, env })

  await screen.shows(/I am a bot/)
  screen.type('\u0003\u0003')

  t.equal(await screen.ended, 0)
  t.same(readdirSync(env['TMPDIR'] ?? ''), [])
})

test('SIGTERM ends it, too, and the terminal is as it was', async (t) => {
  const home = tempDir(t)
  const env = isolatedEnvironment(home, { TERM: 'xterm' })
  const screen = new Screen(t, { program: SCENE, env })

  await screen.shows(/I am a bot/)
  process.kill(screen.pid, 'SIGTERM')

  t.equal(await screen.ended, 143)
  t.notOk(screen.isFull)
  t.same(readdirSync(env['TMPDIR'] ?? ''), [])
})
