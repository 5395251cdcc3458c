import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { test, type Test } from 'tap'

import { isolatedEnvironment, Screen, SOTTO, succeed, type Person } from '../harness/index.js'
import { beginPair } from './support/pair.js'

const SAID = 'xylophone-said-marker'
const DRAFT = 'glockenspiel-draft-marker'
const SECRET = 'open sesame marimba'
const CTRL_L = '\u000c'

interface Opened {
  readonly screen: Screen
  /** The heap of the process as it is now, swept before. */
  readonly heap: () => Promise<string>
}

function openScreen(t: Test, { home }: Person, dir: string): Opened {
  const snapshots = join(dir, 'snapshots')
  mkdirSync(snapshots)
  const env = isolatedEnvironment(home, {
    ...{ SOTTO_HOME: home, TERM: 'xterm-256color' },
    NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${snapshots}`,
  })
  const screen = new Screen(t, { program: SOTTO, env, columns: 100, rows: 30 })
  let taken = 0
  const heap = async (): Promise<string> => {
    taken += 1
    process.kill(screen.pid, 'SIGUSR2')
    for (;;) {
      const names = readdirSync(snapshots).sort()
      const text =
        names.length < taken ? '' : readFileSync(join(snapshots, names.at(-1) ?? ''), 'latin1')
      if (text.trimEnd().endsWith('}')) return text
      await wait(50)
    }
  }
  return { screen, heap }
}

const found = (heap: string, ...words: readonly string[]): readonly string[] =>
  words.filter((word) => heap.includes(word))

test('a locked screen shows nothing, keeps nothing in memory, and opens with the passphrase only', async (t) => {
  const { alice, bob, dir } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, SAID]))
  await succeed(alice.run(['receive']))
  const file = join(dir, 'passphrase')
  writeFileSync(file, SECRET, { mode: 0o600 })
  await succeed(alice.run(['store', 'passphrase', '--new-passphrase-file', file]))

  const { screen, heap } = openScreen(t, alice, dir)
  await screen.shows(/passphrase:/)
  screen.type(`${SECRET}\r`)
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(new RegExp(SAID))
  screen.type(DRAFT)
  await screen.shows(new RegExp(`> ${DRAFT}`))
  t.same(found(await heap(), SAID, DRAFT), [SAID, DRAFT])

  screen.type(CTRL_L)
  await screen.shows(/sotto is locked[^]*Type the passphrase/)
  t.notMatch(screen.text, /bob|marker/)
  t.same(found(await heap(), SAID, DRAFT, SECRET), [])

  screen.type('open barley\r')
  await screen.shows(/wrong passphrase[^]*Type the passphrase/)
  screen.type(`${SECRET}\r`)
  await screen.shows(new RegExp(`${SAID}[^]*> ${DRAFT}`))
  t.same(found(await heap(), SECRET), [])
  await succeed(bob.run(['send', alice.handle, 'after it was opened']))
  await screen.shows(/after it was opened/)
})

test('without a passphrase a locked screen goes on receiving, and Enter opens it', async (t) => {
  const { alice, bob, dir } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, SAID]))
  await succeed(alice.run(['receive']))
  const { screen, heap } = openScreen(t, alice, dir)
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(new RegExp(SAID))

  screen.type(CTRL_L)
  await screen.shows(/sotto is locked[^]*without a passphrase[^]*Enter opens it/)
  t.same(found(await heap(), SAID), [])
  const before = screen.bytes.length
  await succeed(bob.run(['send', alice.handle, 'while it was locked']))
  await screen.shows(/Something has come/)
  const told = screen.bytes.slice(before)
  t.notMatch(told, /bob|while it was locked/)
  screen.type('\r')
  await screen.shows(/while it was locked/)
})
