import { test, type Test } from 'tap'

import { isolatedEnvironment, Screen, SOTTO, tempDir } from '../harness/index.js'
import {
  asPart,
  ESC,
  goldenPath,
  pictureOf,
  readGolden,
  SIZES,
  VIEWS,
  writeGolden,
  type Picture,
  type Size,
  type View,
} from './support/golden.js'

/** `UPDATE_GOLDEN=1 node scripts/test.js -- screen-golden` writes them anew; look at each then. */
const isRenewing = process.env['UPDATE_GOLDEN'] === '1'
/** Nothing is painted for so long: what was asked for is there. Only to make pictures, not to compare. */
const QUIET_MS = 400

function openDemo(t: Test, size: Size, colors: object): Screen {
  const home = tempDir(t)
  const env = isolatedEnvironment(home, {
    ...{ SOTTO_HOME: home, TERM: 'xterm-256color', TZ: 'Europe/London' },
    ...{ SOTTO_DEMO_CLOCK: '2026-10-31T14:05:00Z', ...colors },
  })
  return new Screen(t, { program: SOTTO, args: ['--demo'], env, ...size })
}

const COLORED = { COLORTERM: 'truecolor' }
const PLAIN = { NO_COLOR: '1' }

for (const size of SIZES) {
  const name = `${String(size.columns)}x${String(size.rows)}`
  test(`the screen at ${name} is as it was looked at`, { skip: isRenewing }, async (t) => {
    for (const [colors, part] of [[COLORED, 'colored'] as const, [PLAIN, 'plain'] as const]) {
      const screen = openDemo(t, size, colors)
      for (const view of VIEWS) {
        const golden = readGolden(goldenPath(view, size))
        screen.type(view.keys)
        const isSame = ({ lines, looks }: Screen): boolean =>
          asPart(lines) === golden.text && asPart(looks) === golden[part]
        // What differs is shown below; until then it may still be on its way.
        await screen.until(isSame, 'the golden picture').catch(() => undefined)
        t.equal(screen.text, golden.text.replace(/\n$/, ''), `${view.name}: ${HOW}`)
        t.equal(asPart(screen.looks), golden[part], `${view.name}, its ${part} looks: ${HOW}`)
        if (!isSame(screen)) break // The next ones would only come late.
        await leave(screen, view)
      }
    }
  })

  test(`the pictures at ${name} are made anew`, { skip: !isRenewing }, async (t) => {
    const [colored, plain] = await Promise.all([
      picturesOf(openDemo(t, size, COLORED)),
      picturesOf(openDemo(t, size, PLAIN)),
    ])
    for (const [at, view] of VIEWS.entries()) {
      const [one, other] = [colored[at], plain[at]]
      if (one === undefined || other === undefined) throw new Error(`no picture of ${view.name}`)
      t.same(one.text, other.text, 'without colours the same is said')
      writeGolden(goldenPath(view, size), one, other)
    }
  })
}

const HOW =
  'where the change is meant, UPDATE_GOLDEN=1 renews it (then npm run docs), and somebody looks'

async function picturesOf(screen: Screen): Promise<readonly Picture[]> {
  const pictures: Picture[] = []
  for (const view of VIEWS) {
    screen.type(view.keys)
    await screen.shows(view.shows)
    await quiet(screen)
    pictures.push(pictureOf(screen))
    await leave(screen, view)
    await quiet(screen)
  }
  return pictures
}

/** An Esc with a key right behind it would be another key. */
async function leave(screen: Screen, { back, shows }: View): Promise<void> {
  screen.type(back)
  if (back === ESC) await screen.until(({ text }) => !shows.test(text), 'what was there before')
}

async function quiet(screen: Screen): Promise<void> {
  for (let seen = -1; seen !== screen.bytes.length;) {
    seen = screen.bytes.length
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  }
}
