import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import {
  isolatedEnvironment,
  Screen,
  SOTTO,
  succeed,
  type Environment,
  type Person,
} from '../harness/index.js'
import { beginPair } from './support/pair.js'

const BELL = '\u0007'

interface Desk {
  readonly screen: Screen
  /** What the desktop was asked to show: title and body. */
  readonly told: () => readonly (readonly [string, string])[]
}

/** A terminal on a desktop whose program for notifications writes down what it is told. */
function openDesk(t: Test, { home }: Person, extra: Environment = {}): Desk {
  const bin = join(home, 'bin')
  const log = join(home, 'told')
  mkdirSync(bin)
  writeFileSync(join(bin, 'notify-send'), `#!/bin/sh\nprintf '%s\\n' "$@" >> '${log}'\n`, {
    mode: 0o700,
  })
  const plain = isolatedEnvironment(home)
  const env = {
    ...{ ...plain, SOTTO_HOME: home, TERM: 'xterm-256color', DISPLAY: ':0' },
    ...{ PATH: `${bin}:${plain['PATH'] ?? ''}`, ...extra },
  }
  const screen = new Screen(t, { program: SOTTO, env, columns: 80, rows: 24 })
  const told = () => {
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : []
    return lines.flatMap((line, at) =>
      line === '--' ? [[lines[at + 1] ?? '', lines[at + 2] ?? ''] as const] : [],
    )
  }
  return { screen, told }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('the desktop is told who wrote, and what only where that is wanted, as it was written', async (t) => {
  const { alice, bob } = await beginPair(t)
  const { screen, told } = openDesk(t, alice)
  await screen.shows(/@bob\.42/)
  await succeed(bob.run(['send', alice.handle, 'between us']))
  await until(() => told().length === 1)
  t.same(told(), [['@bob.42', '1 new message']])
  t.notMatch(screen.bytes, /\u001b\]9;sotto/, 'the terminal is not told as well')

  screen.type('\r')
  await screen.shows(/between us/)
  screen.type('/notify full\r')
  await screen.shows(/Notifications tell: who and what/)
  screen.type('\u001b[O') // The terminal has lost the keyboard: nobody looks.
  await succeed(bob.run(['send', alice.handle, '<b>a & b</b> \\074']))
  await until(() => told().length === 2)
  t.same(told()[1], ['@bob.42', '&lt;b&gt;a &amp; b&lt;/b&gt; \\\\074'])
})

test('over SSH it is the terminal that is told', async (t) => {
  const { alice, bob } = await beginPair(t)
  const { screen, told } = openDesk(t, alice, { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' })
  await screen.shows(/@bob\.42/)
  await succeed(bob.run(['send', alice.handle, 'between us']))
  await screen.until(({ bytes }) => bytes.includes('\u001b]9;sotto: @bob.42: 1 new'), 'OSC 9')
  t.same(told(), [])
})

test('of a conversation with a rule only what names its reader is told, the next time too', async (t) => {
  const { alice, bob } = await beginPair(t)
  const { screen } = openDesk(t, alice, { SSH_TTY: '/dev/pts/1' })
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/>$/m)
  screen.type('/alerts mentions\r')
  await screen.shows(/Of @bob\.42 you are told only what names you/)
  const shown = await succeed(alice.run(['conv', 'show', bob.handle, '--json']))
  t.match(shown.stdout, '"notify":"mentions"')
  screen.type('\u001b[O')
  const before = screen.bytes.split(BELL).length
  await succeed(bob.run(['send', alice.handle, 'nothing much']))
  await screen.shows(/nothing much/)
  t.equal(screen.bytes.split(BELL).length, before, 'no bell')
  await succeed(bob.run(['send', alice.handle, 'look, @alice']))
  await screen.until(({ bytes }) => bytes.split(BELL).length > before, 'a bell')
})
