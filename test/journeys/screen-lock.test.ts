import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import { succeed } from '../harness/index.js'
import { HeapSnapshots } from './support/heap-snapshots.js'
import { openScreen } from './support/open-screen.js'
import { beginPair, beginStrangers } from './support/pair.js'

const SAID = 'xylophone-said-marker'
const DRAFT = 'glockenspiel-draft-marker'
const SECRET = 'open sesame marimba'
const CTRL_L = '\u000c'

const found = (heap: string, ...words: readonly string[]): readonly string[] =>
  words.filter((word) => heap.includes(word))

test('a locked screen shows nothing, keeps nothing in memory, and opens with the passphrase only', async (t) => {
  const { alice, bob, dir } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, SAID]))
  await succeed(alice.run(['receive']))
  const file = join(dir, 'passphrase')
  writeFileSync(file, SECRET, { mode: 0o600 })
  await succeed(alice.run(['store', 'passphrase', '--new-passphrase-file', file]))

  const snapshots = new HeapSnapshots(dir)
  const screen = openScreen(t, alice, { env: snapshots.env })
  const heap = (): Promise<string> => snapshots.take(screen.pid)
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
  const snapshots = new HeapSnapshots(dir)
  const screen = openScreen(t, alice, { env: snapshots.env })
  const heap = (): Promise<string> => snapshots.take(screen.pid)
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

test('what a stranger wrote is not in memory any more once they are removed', async (t) => {
  const { alice, carol, dir } = await beginStrangers(t)
  await succeed(carol.run(['send', alice.handle, SAID]))
  const snapshots = new HeapSnapshots(dir)
  const screen = openScreen(t, alice, { env: snapshots.env })
  await screen.shows(/request/)
  screen.type('\r')
  await screen.shows(new RegExp(SAID))
  t.same(found(await snapshots.take(screen.pid), SAID), [SAID])

  screen.type('/remove\r')
  await screen.shows(/y yes/)
  screen.type('y')
  await screen.until(({ text }) => !text.includes(SAID) && !text.includes('y yes'), 'it is gone')
  t.same(found(await snapshots.take(screen.pid), SAID), [])
})
