import type { Test } from 'tap'

import type { Environment, Screen } from '../../harness/index.js'
import {
  asPart,
  ESC,
  goldenPath,
  pictureOf,
  readGolden,
  writeGolden,
  type Picture,
  type Size,
  type View,
} from './golden.js'

/** `UPDATE_GOLDEN=1 node scripts/test.js -- screen-golden` writes them anew; look at each then. */
export const isRenewing = process.env['UPDATE_GOLDEN'] === '1'
/** Nothing is painted for so long: what was asked for is there. Only to make pictures, not to compare. */
const QUIET_MS = 400

const COLORED: Environment = { COLORTERM: 'truecolor' }
const PLAIN: Environment = { NO_COLOR: '1' }

const HOW =
  'where the change is meant, UPDATE_GOLDEN=1 renews it (then npm run docs), and somebody looks'

/** What is looked at: the views, in this order, on a screen of each size. */
export interface Gallery {
  readonly views: readonly View[]
  readonly open: (t: Test, size: Size, colors: Environment) => Screen
}

export const sizeName = ({ columns, rows }: Size): string => `${String(columns)}x${String(rows)}`

/** Holds what a screen shows, step by step, to the pictures that somebody has looked at. */
export async function comparePictures(
  t: Test,
  size: Size,
  { views, open }: Gallery,
): Promise<void> {
  for (const [colors, part] of [[COLORED, 'colored'] as const, [PLAIN, 'plain'] as const]) {
    const screen = open(t, size, colors)
    for (const view of views) {
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
}

export async function renewPictures(t: Test, size: Size, { views, open }: Gallery): Promise<void> {
  const [colored, plain] = await Promise.all([
    picturesOf(open(t, size, COLORED), views),
    picturesOf(open(t, size, PLAIN), views),
  ])
  for (const [at, view] of views.entries()) {
    const [one, other] = [colored[at], plain[at]]
    if (one === undefined || other === undefined) throw new Error(`no picture of ${view.name}`)
    t.same(one.text, other.text, 'without colours the same is said')
    writeGolden(goldenPath(view, size), one, other)
  }
}

async function picturesOf(screen: Screen, views: readonly View[]): Promise<readonly Picture[]> {
  const pictures: Picture[] = []
  for (const view of views) {
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
