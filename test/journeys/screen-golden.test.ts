import { test } from 'tap'

import { isolatedEnvironment, Screen, SOTTO, tempDir } from '../harness/index.js'
import { SIZES, VIEWS } from './support/golden.js'
import {
  comparePictures,
  isRenewing,
  renewPictures,
  sizeName,
  type Gallery,
} from './support/golden-tests.js'

/** The demo, whose clock stands. */
const GALLERY: Gallery = {
  views: VIEWS,
  open: (t, size, colors) => {
    const home = tempDir(t)
    const env = isolatedEnvironment(home, {
      ...{ SOTTO_HOME: home, TERM: 'xterm-256color', TZ: 'Europe/London' },
      ...{ SOTTO_DEMO_CLOCK: '2026-10-31T14:05:00Z', ...colors },
    })
    return new Screen(t, { program: SOTTO, args: ['--demo'], env, ...size })
  },
}

for (const size of SIZES) {
  test(`the screen at ${sizeName(size)} is as it was looked at`, { skip: isRenewing }, (t) =>
    comparePictures(t, size, GALLERY),
  )

  test(
    `the pictures of the screen at ${sizeName(size)} are made anew`,
    { skip: !isRenewing },
    (t) => renewPictures(t, size, GALLERY),
  )
}
