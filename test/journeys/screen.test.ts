import { test } from 'tap'

import { historyOf, succeed } from '../harness/index.js'
import { openScreen } from './support/open-screen.js'
import { beginPair } from './support/pair.js'

const WIDE = { columns: 120, rows: 36 }

test('what was written before is there, what is typed goes, and what comes is shown', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'written before']))
  await succeed(alice.run(['receive']))

  const screen = openScreen(t, alice, WIDE)
  await screen.shows(/@bob\.42 +\[1\]/)
  screen.type('\r')
  await screen.shows(/1 new message[^]*@bob\.42 {2}\d\d:\d\d[^]*written before/)
  screen.type('typed on the screen\r')
  await screen.shows(/You {2}\d\d:\d\d[^]*typed on the screen/)
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', alice.handle, 'an answer']))
  await screen.shows(/an answer/)

  t.match((await historyOf(bob, alice.handle)).at(-2), { message: { text: 'typed on the screen' } })
  t.ok(screen.isFull)
  screen.type('\u0004')
  t.equal(await screen.ended, 0)
  t.notOk(screen.isFull, 'the terminal is as it was')
})

test('while the screen is open every other command works through it', async (t) => {
  const { alice, bob } = await beginPair(t)
  const screen = openScreen(t, alice, WIDE)
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await succeed(alice.run(['send', bob.handle, 'from another shell']))
  await screen.shows(/from another shell/)
})

test('a draft outlives the death of the screen', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, WIDE)
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/>$/m)
  screen.type('not finis')
  await screen.shows(/> not finis/)
  await new Promise((resolve) => setTimeout(resolve, 2_000)) // Drafts are kept within a second.
  process.kill(screen.pid, 'SIGKILL')
  await screen.ended

  const again = openScreen(t, alice, WIDE)
  await again.shows(/Draft: not finis/)
  again.type('\r')
  await again.shows(/> not finis/)
})

test('below 80 columns the list and the conversation are two screens', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'hello']))
  const screen = openScreen(t, alice, { columns: 60, rows: 24 })
  await screen.shows(/@bob\.42/)
  t.notMatch(screen.text, /│/)
  screen.type('\r')
  await screen.shows(/hello\n[^]*>$/m)
  screen.resize(100, 30)
  await screen.shows(/@bob\.42 .*│/)
  screen.resize(60, 24)
  await screen.until(({ text }) => !text.includes('│'), 'one screen')
  screen.type('\u001b')
  await screen.shows(/You: hello/)
})

test('Ctrl+C clears the draft, and leaves when it is pressed again', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, WIDE)
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/>$/m)
  screen.type('never mind')
  await screen.shows(/> never mind/)
  screen.type('\u0003')
  await screen.shows(/Ctrl\+C again leaves[^]*>$/m)
  screen.type('\u0003')
  t.equal(await screen.ended, 0)
})
