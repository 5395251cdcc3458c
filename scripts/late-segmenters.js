import { readFileSync } from 'node:fs'

import { Failure } from './workspace.js'

/** What measures texts for Ink. */
const LIBRARIES =
  /[\\/]node_modules[\\/](string-width[\\/]index|slice-ansi[\\/]tokenize-ansi|@alcalzone[\\/]ansi-tokenize[\\/]build[\\/]tokenize)\.js$/
const SEGMENTER = /^const (\w+) = (new Intl\.Segmenter\(.*\));$/m

/**
 * An esbuild plugin: these libraries make what finds the graphemes of a text when one is first looked
 * for, not when they are loaded. The first of a process costs it several milliseconds, and a screen of
 * plain texts needs none.
 */
export const lateSegmenters = {
  name: 'late-segmenters',
  setup(build) {
    build.onLoad({ filter: LIBRARIES }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('Intl.Segmenter')) return undefined // An older one, which does without.
      if (!SEGMENTER.test(text)) throw new Failure(`build: ${path} has its segmenter elsewhere now`)
      return { contents: text.replace(SEGMENTER, LATE) }
    })
  },
}

const LATE = `let made
const $1 = { segment: (text) => (made ??= $2).segment(text) }`
