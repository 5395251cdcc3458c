import { test } from 'tap'

import { isolatedEnvironment, Screen, SOTTO, succeed } from '../harness/index.js'
import { beginPair } from './support/pair.js'

const CTRL_G = '\u0007'
const CTRL_K = '\u000b'

test('what was written is found from anywhere, by who and when, and opened where it stands', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', 'me', 'the needle is mine']))
  await succeed(bob.run(['send', alice.handle, 'a haystack']))
  await succeed(bob.run(['send', alice.handle, 'and a needle in it']))
  const env = isolatedEnvironment(alice.home, { SOTTO_HOME: alice.home, TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, env, columns: 80, rows: 24 })
  await screen.shows(/needle in it/)

  screen.type(`${CTRL_G}needle`)
  await screen.shows(/› .*needle[^]*\n .*needle/)
  screen.type(' from:@bob.42')
  await screen.until(({ text }) => !text.includes('needle is mine'), 'only those of Bob')
  await screen.shows(/› .*@bob\.42: .*needle/)
  screen.type('\r')
  await screen.shows(/a haystack\n[^]*and a needle in it/)

  screen.type(`${CTRL_K}needle`)
  await screen.shows(/^ Messages$[^]*the needle is mine/m)
  screen.type('\u001b')
  await screen.until(({ text }) => !text.includes('Go to, or do'), 'the palette closed')
  screen.type(`${CTRL_K}disturb`)
  await screen.shows(/^ Settings$[^]*› Settings: Do not disturb +off/m)
})
