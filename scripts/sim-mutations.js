import { join } from 'node:path'

import { ensure } from './ensure.js'
import { become } from './start.js'
import { root, runAsScript } from './workspace.js'

await runAsScript(import.meta.url, async () => {
  await ensure()
  await become(join(root, 'test/out/simulation/mutations/main.js'), process.argv.slice(2))
})
