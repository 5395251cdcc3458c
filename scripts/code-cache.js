import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'

import { AROUND_PART, codeCacheFolder } from './launcher.js'
import { Failure, runAsScript } from './workspace.js'

/**
 * Compiles those parts in a folder ahead of time, for the Node that runs this: compiling is half of
 * what a cold command does. In a process of its own, because V8 takes only what was compiled under
 * the flags it has itself, and programs have none.
 */
export function writeCodeCache(dist, { packs, names }) {
  const env = { ...process.env }
  delete env.NODE_OPTIONS
  const args = [fileURLToPath(import.meta.url), JSON.stringify({ dist, packs, names })]
  const child = spawnSync(process.execPath, args, { env, stdio: ['ignore', 2, 2] })
  if (child.status !== 0) throw new Failure(`build: the parts in ${dist} do not compile`)
}

/** Before new parts are written: nothing compiled from others may lie beside them. */
export function removeCodeCaches(dist) {
  for (const name of readdirSync(dist).filter((each) => each.startsWith('code-'))) {
    rmSync(join(dist, name), { recursive: true, force: true })
  }
}

function compileAll({ dist, packs, names }) {
  const folder = join(dist, codeCacheFolder())
  mkdirSync(folder, { recursive: true })
  for (const name of names) {
    const text = readFileSync(join(dist, name), 'latin1')
    const compiled = compile(`./${name}`, packs.includes(name) ? text : AROUND_PART.join(text))
    writeFileSync(join(folder, name), Buffer.concat([compiled, compiled])) // See the launcher.
  }
}

/** With every function, of which V8 by itself leaves most until they are called. */
function compile(filename, text) {
  setFlagsFromString('--no-lazy')
  const script = new Script(text, { filename })
  setFlagsFromString('--lazy')
  const compiled = script.createCachedData()
  if (new Script(text, { filename, cachedData: compiled }).cachedDataRejected) {
    console.error(`build: this Node does not take back what it compiled of ${filename}`)
  }
  return compiled
}

await runAsScript(import.meta.url, () => compileAll(JSON.parse(process.argv[2])))
