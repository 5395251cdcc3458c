import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { ensure } from './ensure.js'
import { root, runAsScript } from './workspace.js'

/** Writes docs/CLI.md anew from the command table. A test compares the two. */
await runAsScript(import.meta.url, async () => {
  await ensure()
  const { renderCommandDocs } = await import(pathToFileURL(join(root, 'cli/out/src/index.js')).href)
  writeFileSync(join(root, 'docs/CLI.md'), renderCommandDocs())
})
