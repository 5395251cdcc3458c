import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { INSTALLED_LOCK_FILE } from './install.js'
import { PACKAGES, PROGRAMS, filesBelow, root } from './workspace.js'

const STAMP = join(root, 'out', 'build.stamp')

/** One value for the sources as they are now: it changes when a file is saved, added or removed. */
export function readSources() {
  const hash = createHash('sha256')
  for (const file of sourceFiles()) hash.update(`${file}\0${String(statSync(file).mtimeMs)}\0`)
  return hash.digest('hex')
}

/** Notes that the programs are what these sources say. */
export function markBuilt(sources) {
  mkdirSync(dirname(STAMP), { recursive: true })
  writeFileSync(STAMP, sources)
}

/** Whether the programs are there, and are what the sources say. */
export function isBuilt() {
  if (!existsSync(STAMP)) return false
  if (!PROGRAMS.every((program) => existsSync(join(root, program)))) return false
  return readFileSync(STAMP, 'utf8') === readSources()
}

function sourceFiles() {
  const sources = PACKAGES.flatMap((name) => filesBelow(join(root, name)))
  return [
    ...sources.filter((file) => /\.(ts|tsx|js|json)$/.test(file)),
    ...filesBelow(join(root, 'scripts')),
    ...filesBelow(join(root, 'docs/schemas')),
    join(root, 'tsconfig.json'),
    join(root, 'tsconfig.base.json'),
    INSTALLED_LOCK_FILE,
  ].sort()
}
