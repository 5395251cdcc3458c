import { test, type Test } from 'tap'

import {
  historyOf,
  isolatedEnvironment,
  SOTTO,
  sotto,
  startRelay,
  succeed,
  tempDir,
  type Person,
} from '../harness/index.js'
import { beginPair } from './support/pair.js'
import { openTerminal } from './support/terminal.js'

function onTerminal(t: Test, { home }: Pick<Person, 'home'>, ...args: string[]) {
  const env = isolatedEnvironment(home, { SOTTO_HOME: home, TERM: 'xterm', NO_COLOR: '1' })
  return openTerminal(t, { program: SOTTO, args, env })
}

test('a chat shows the last messages, sends what is typed and shows what comes', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'before']))
  await succeed(alice.run(['receive']))

  const chat = onTerminal(t, alice, 'chat', bob.handle)
  await chat.shows(/@bob\.42: before/)
  await chat.shows(/-- @bob\.42 -- not verified/)
  chat.type('hello from the chat\r')
  await chat.shows(/you: hello from the chat/)
  await chat.shows(/✓ accepted > /)
  await succeed(bob.run(['receive']))
  await chat.shows(/✓✓ delivered > /)
  await succeed(bob.run(['send', alice.handle, 'answer']))
  await chat.shows(/@bob\.42: answer/)
  chat.type('/quit\r')

  t.equal(await chat.ended, 0)
  t.match(await historyOf(bob, alice.handle), [
    {},
    { message: { text: 'hello from the chat' } },
    {},
  ])
})

test('what the chat showed is told to be read', async (t) => {
  const { alice, bob } = await beginPair(t)
  const chat = onTerminal(t, alice, 'chat', bob.handle)
  await chat.shows(/not verified/)

  const sent = await bob.run(
    ['send', alice.handle, 'read me', '--wait', 'read', '--timeout', '50s', '--json'],
    { timeoutMs: 60_000 },
  )

  t.match(sent.json<object>(), { status: 'read' }, sent.stderr)
})

test('a chat outlives the relay, and sends what was typed when it is back', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  const chat = onTerminal(t, alice, 'chat', bob.handle)
  await chat.shows(/not verified/)

  await relay.stop()
  await chat.shows(/cannot be reached/)
  chat.type('for later\r')
  await chat.shows(/you: for later/)
  await startRelay(t, { dir, port: relay.port })
  await chat.shows(/✓ accepted > /)
  chat.type('\u0004')

  t.equal(await chat.ended, 0)
  t.match((await succeed(bob.run(['receive']))).stdout, /for later/)
})

test('without anybody to talk to, and without an account, the chat says what to do', async (t) => {
  const home = tempDir(t)
  const nobody = onTerminal(t, { home }, 'chat')
  await nobody.shows(/account create --relay/)
  t.equal(await nobody.ended, 84)
  const piped = await sotto(home, ['chat', '@bob.42'])
  t.match(piped, { code: 64, stderr: /needs a terminal/ })
})

test('on a terminal send says what became of the message', async (t) => {
  const { alice, bob } = await beginPair(t)
  const sending = onTerminal(t, alice, 'send', bob.handle, 'hi')
  await sending.shows(/✓ accepted {2}m_[0-9A-Z]{26} {2}@bob\.42/)
  t.equal(await sending.ended, 0)
})
