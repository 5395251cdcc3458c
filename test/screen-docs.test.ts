import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'

import { ROOT } from './harness/index.js'
import { renderDocumentedScreen } from './journeys/support/screen-docs.js'

test('docs/TUI.md is what the tables and the pictures say: npm run docs', async (t) => {
  t.equal(readFileSync(join(ROOT, 'docs/TUI.md'), 'utf8'), renderDocumentedScreen())
})
