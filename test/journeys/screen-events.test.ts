import { cpSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import {
  isolatedEnvironment,
  personAt,
  Screen,
  SOTTO,
  succeed,
  type Person,
} from '../harness/index.js'
import { follow } from './support/owner.js'
import { beginPair } from './support/pair.js'

function openScreen(t: Test, { home }: Person, args: readonly string[] = []): Screen {
  const env = isolatedEnvironment(home, { SOTTO_HOME: home, TERM: 'xterm-256color' })
  return new Screen(t, { program: SOTTO, args, env, columns: 120, rows: 36 })
}

/** Waits for a sentence, however it is broken into lines. */
function shows(screen: Screen, sentence: string): Promise<void> {
  return screen.until(({ text }) => text.replaceAll(/[\s│]+/g, ' ').includes(sentence), sentence)
}

/** Bob's home is a copy from before the last words: his keys do not fit, and one message is gone. */
async function beginBehind(t: Test) {
  const { dir, alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'before']))
  await succeed(bob.run(['receive']))
  const home = join(dir, 'copy')
  cpSync(bob.home, home, { recursive: true })
  for (const turn of ['one', 'two']) {
    await succeed(alice.run(['send', bob.handle, `fetched elsewhere: ${turn}`]))
    await succeed(bob.run(['receive']))
    await succeed(bob.run(['send', alice.handle, 'with another key']))
    await succeed(alice.run(['receive']))
  }
  await succeed(alice.run(['send', bob.handle, 'under the new key']))
  return { alice, behind: personAt(home, 'bob') }
}

test('what was lost stands between the messages, says why, and that it has come again', async (t) => {
  const { alice, behind } = await beginBehind(t)
  const screen = openScreen(t, behind)
  await screen.shows(/No conversation is open/)
  screen.type('\r')
  await shows(screen, 'messages did not arrive: the relay no longer has what was there')
  await shows(screen, 'could not be opened: they were asked to send')
  screen.type('\u001b[A\r')
  await shows(screen, 'may take an hour')
  screen.type('\u001b')
  await screen.until(({ text }) => !text.includes('may take an hour'), 'the conversation')

  const listening = await follow(t, alice, 'message.received')
  await shows(screen, 'could not be opened at first, and came when sent again')
  await screen.shows(/under the new key/)
  await listening.stop()
  screen.type('\u0004')
  t.equal(await screen.ended, 0)

  const lines = openScreen(t, behind, ['--plain', 'chat', alice.handle])
  await shows(lines, 'messages did not arrive: the relay no longer has what was there')
  await shows(lines, 'could not be opened at first, and came when sent again')
  lines.type('/quit\r')
  t.equal(await lines.ended, 0)
})

test('what is done elsewhere with somebody stands in their conversation at once', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'hello']))
  const screen = openScreen(t, alice)
  await screen.shows(/No conversation is open/)
  screen.type('\r')
  await screen.shows(/read|delivered|accepted/)
  await succeed(alice.run(['contact', 'rename', bob.handle, 'bobby']))
  await shows(screen, 'You call them @bobby now')
  await succeed(alice.run(['contact', 'block', bob.handle]))
  await shows(screen, 'You blocked')
  await succeed(alice.run(['contact', 'unblock', bob.handle]))
  await shows(screen, 'You took back that')
})
