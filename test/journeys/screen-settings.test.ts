import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import type { Screen } from '../harness/index.js'
import { openScreen } from './support/open-screen.js'
import { beginPair } from './support/pair.js'

const SMALL = { columns: 80, rows: 24 }

const F1 = '\u001bOP'
const F5 = '\u001b[15~'

test('what is set on the screen is set the next time', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, SMALL)
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/>$/m)
  screen.type('/dnd 21-6\r')
  await screen.shows(/Do not disturb: 21:00 to 6:00/)
  screen.type('/settings\r')
  await screen.shows(/Notifications tell +who$/m)
  screen.type('\u001b[B\u001b[B\u001b[C')
  await screen.shows(/Notifications tell +nothing$/m)
  screen.type('\u001b')
  await screen.until(({ text }) => !text.includes('Notifications tell'), 'the settings closed')
  screen.type('\u0004')
  t.equal(await screen.ended, 0)

  const again = openScreen(t, alice, SMALL)
  await again.shows(/@bob\.42/)
  again.type('\r')
  await again.shows(/>$/m)
  again.type('/settings\r')
  await again.shows(/Notifications tell +nothing\n[^]*Do not disturb +21:00 to 6:00$/m)
})

test('a key that is chosen in the help is the key the next time, and the old one is not', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, SMALL)
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/>$/m)
  screen.type(F1)
  await screen.shows(/› Go to a conversation or command/)
  screen.type('\r')
  await screen.shows(/The new key for “Go to a conversation or command”/)
  screen.type(F1) // The only key that leads to the help from where one writes.
  await screen.shows(/F1 is the only key left for “Show the keys”/)
  screen.type(F5)
  await screen.shows(/› Go to a conversation or command {2}\(yours\) +F5$/m)
  screen.type('\u001b')
  await screen.shows(/F5 go to {2}F1 keys/)
  screen.type('\u0004')
  t.equal(await screen.ended, 0)

  const again = openScreen(t, alice, SMALL)
  await again.shows(/@bob\.42/)
  again.type('\r')
  await again.shows(/F5 go to {2}F1 keys/)
  again.type('\u000b')
  again.type(F5)
  await again.shows(/Go to, or do/)
  await again.shows(/^> {2,}$|^>$/m)
})

test('a theme of one’s own colours the screen, is read anew when chosen, and its faults are told', async (t) => {
  const { alice } = await beginPair(t)
  const themes = join(alice.home, 'themes')
  mkdirSync(themes)
  writeFileSync(join(themes, 'solar.toml'), 'dim = "#123456"\nname = "pink"\n')
  const screen = openScreen(t, alice, { ...SMALL, env: { COLORTERM: 'truecolor' } })
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/>$/m)
  screen.type('/theme solar\r')
  await screen.shows(/solar\.toml:2: name is no colour/)
  await screen.until(({ looks }) => looks.some((look) => / fg=#123456$/.test(look)), 'the colour')

  writeFileSync(join(themes, 'solar.toml'), 'dim = "#654321"\n')
  screen.type('/theme solar\r')
  await screen.until(({ looks }) => looks.some((look) => / fg=#654321$/.test(look)), 'the other')
  screen.type('/theme\r')
  await screen.shows(/› Theme +solar$/m)
  screen.type('\u001b[C')
  await screen.shows(/› Theme +auto$/m)
  await screen.until(({ looks }) => !looks.some((look) => /#654321/.test(look)), 'no trace of it')
})

test('a terminal that says its background is light gets the colours for it', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, { ...SMALL, answers: 'none' })
  await screen.shows(/@bob\.42/)
  const isPainted = (color: RegExp) => (seen: Screen) => seen.looks.some((look) => color.test(look))
  await screen.until(isPainted(/fg=245/), 'the grey for a dark background')
  screen.type('\u001b]11;rgb:ffff/ffff/ffff\u001b\\\u001b[?1;2c')
  await screen.until(
    (seen) => isPainted(/fg=242/)(seen) && !isPainted(/fg=245/)(seen),
    'the grey for a light background, and no other',
  )
})
