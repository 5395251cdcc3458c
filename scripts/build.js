import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { alone } from './alone.js'
import { bundle } from './bundle.js'
import { install } from './install.js'
import { markBuilt, readSources } from './stamp.js'
import { Failure, PACKAGES, filesBelow, root, runAsScript, toolPath } from './workspace.js'

/** Compiles every package, then bundles the programs. Run it alone. */
export async function build() {
  const sources = readSources() // Before the work: what is saved while it runs is for the next one.
  removeOrphans()
  compile()
  await bundle()
  markBuilt(sources)
}

/** Checks the types of every package and writes its JavaScript. */
export function compile() {
  const tsc = spawnSync(process.execPath, [toolPath('typescript/bin/tsc'), '-b'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (tsc.status !== 0) throw new Failure('build: the sources do not compile')
}

// A test whose source was removed or renamed would run on for ever.
function removeOrphans() {
  for (const name of PACKAGES) {
    const folder = join(root, name)
    const out = join(folder, 'out')
    for (const output of filesBelow(out)) {
      const stem = output.replace(/(\.d)?\.[jt]sx?(\.map)?$/, '')
      if (stem === output) continue
      const source = join(folder, stem.slice(out.length))
      if (!existsSync(`${source}.ts`) && !existsSync(`${source}.tsx`)) rmSync(output)
    }
  }
}

await runAsScript(import.meta.url, () =>
  alone(async () => {
    install()
    await build()
  }),
)
