import { readFileSync } from 'node:fs'

import { test } from 'tap'

import { isolatedEnvironment, Screen, SOTTO, succeed } from '../harness/index.js'
import { beginPair } from './support/pair.js'

const onLinux = {
  skip: process.platform !== 'linux' && 'only Linux tells what a process has loaded',
}

test('the screen shows what is there without what only writing needs', onLinux, async (t) => {
  const { alice, bob, relay } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'what came last']))
  await succeed(alice.run(['receive']))
  await relay.stop()

  const env = isolatedEnvironment(alice.home, { SOTTO_HOME: alice.home, TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, env, columns: 100, rows: 30 })
  await screen.shows(/offline[^]*@bob\.42[^]*what came last/)
  const maps = readFileSync(`/proc/${String(screen.pid)}/maps`, 'utf8')
  t.match(maps, /sqlcipher\.node/)
  t.notMatch(maps, /libsignal\.node/)
})
