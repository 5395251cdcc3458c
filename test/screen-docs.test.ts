import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'

import { ROOT } from './harness/index.js'
import { renderDocumentedScreen, withPicture } from './journeys/support/screen-docs.js'

test('docs/TUI.md is what the tables and the pictures say: npm run docs', async (t) => {
  t.equal(readFileSync(join(ROOT, 'docs/TUI.md'), 'utf8'), renderDocumentedScreen())
})

test('the picture in the README is one of those', async (t) => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  t.match(readme, /<!-- screen -->\n\n```text\n.*sotto/)
  t.equal(readme, withPicture(readme))
})
