import { join } from 'node:path'

import { test } from 'tap'

import { isolatedEnvironment, ROOT, Screen, tempDir } from '../harness/index.js'
import { FIRST_RUN_VIEWS } from './support/first-run-views.js'
import { SIZES } from './support/golden.js'
import {
  comparePictures,
  isRenewing,
  renewPictures,
  sizeName,
  type Gallery,
} from './support/golden-tests.js'

const PROGRAM = join(ROOT, 'test/out/journeys/support/first-run-program.js')

const GALLERY: Gallery = {
  views: FIRST_RUN_VIEWS,
  open: (t, size, colors) => {
    const env = isolatedEnvironment(tempDir(t), {
      ...{ TERM: 'xterm-256color', TZ: 'Europe/London', ...colors },
    })
    return new Screen(t, { program: PROGRAM, env, ...size })
  },
}

for (const size of SIZES) {
  test(`the first run at ${sizeName(size)} is as it was looked at`, { skip: isRenewing }, (t) =>
    comparePictures(t, size, GALLERY),
  )

  test(
    `the pictures of the first run at ${sizeName(size)} are made anew`,
    { skip: !isRenewing },
    (t) => renewPictures(t, size, GALLERY),
  )
}
