import { alone } from './alone.js'
import { build } from './build.js'
import { install } from './install.js'
import { isBuilt } from './stamp.js'
import { runAsScript } from './workspace.js'

/**
 * Makes the programs runnable from whatever state this clone is in: installs when node_modules is
 * not what the lock file asks for, builds when the programs are not what the sources say. Whatever
 * it has to tell goes to stderr.
 */
export async function ensure() {
  await alone(async () => {
    install()
    if (!isBuilt()) await build()
  })
}

await runAsScript(import.meta.url, ensure)
