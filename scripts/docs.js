import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { ensure } from './ensure.js'
import { root, runAsScript } from './workspace.js'

/**
 * Writes docs/CLI.md anew from the command table, and docs/schemas/rpc.json from that of methods.
 * A test compares each.
 */
await runAsScript(import.meta.url, async () => {
  await ensure()
  const { renderCommandDocs } = await import(pathToFileURL(join(root, 'cli/out/src/index.js')).href)
  writeFileSync(join(root, 'docs/CLI.md'), renderCommandDocs())
  const core = await import(pathToFileURL(join(root, 'client-core/out/src/index.js')).href)
  const rpc = `${JSON.stringify(core.rpcSchema(), undefined, 2)}\n`
  writeFileSync(join(root, 'docs/schemas/rpc.json'), rpc)
})
