import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { test } from 'tap'

import { isolatedEnvironment, ProgramProcess, SOTTO, tempDir } from '../harness/index.js'
import { openTerminal } from './support/terminal.js'

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
  const terminal = openTerminal(t, { program: SCENE, args: [], env })

  await terminal.shows(/I am a bot/)
  await terminal.shows(/> .*$/)
  terminal.type('is anybody there?\r')
  await terminal.shows(/you.*: is anybody there\?/)
  await terminal.shows(/@echo\.\d+.*: is anybody there\?/)
  await terminal.shows(/✓✓ delivered/)
  terminal.type('\u0004')

  t.equal(await terminal.ended, 0)
  t.same(readdirSync(env['TMPDIR'] ?? ''), [])
})

test('Ctrl-C ends the scene and everything it started', async (t) => {
  const home = tempDir(t)
  const env = isolatedEnvironment(home, { TERM: 'xterm' })
  const terminal = openTerminal(t, { program: SCENE, args: [], env })

  await terminal.shows(/I am a bot/)
  await terminal.shows(/> .*$/)
  terminal.type('\u0003')

  t.equal(await terminal.ended, 130)
  t.same(readdirSync(env['TMPDIR'] ?? ''), [])
})
