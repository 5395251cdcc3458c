import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { importPastDoors } from './import-past-doors.js'
import { bindNativeParts, copyNativeParts } from './native-parts.js'
import { dropUnused } from './pure-libraries.js'
import { root } from './workspace.js'

/**
 * The programs, by package: what people run is `<package>/dist/<program>.js`, one small executable
 * file that opens further files beside it only when a command needs them.
 */
const BUNDLES = [
  {
    package: 'cli',
    programs: { sotto: 'out/src/main.js', scene: 'out/src/scene/main.js' },
    nativeParts: ['libsignal', 'sqlcipher', 'keyring'],
  },
  {
    package: 'relay',
    programs: { 'sotto-relay': 'out/src/main.js' },
    nativeParts: ['libsignal', 'sqlcipher'],
  },
]

const SHEBANG = '#!/usr/bin/env node\n'

// Libraries older than ES modules call require(); inside an ES module it has to be made.
const BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module';" +
  'const require = createRequireOfBundle(import.meta.url);'

/** A program that is running keeps the files it may still open; after this, it has opened them. */
const UNUSED_FILE_AGE_MS_MAX = 60 * 60 * 1000

/** Bundles the compiled sources of every program. Needs `tsc -b` to have run. */
export async function bundle() {
  for (const each of BUNDLES) await bundlePackage(each)
}

async function bundlePackage({ package: name, programs, nativeParts }) {
  const folder = join(root, name)
  const dist = join(folder, 'dist')
  const esbuild = await import(pathToFileURL(join(root, 'node_modules/esbuild/lib/main.js')).href)
  const { outputFiles } = await esbuild.build({
    entryPoints: entryPointsOf(folder, programs),
    outdir: dist,
    chunkNames: 'part-[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    banner: { js: BANNER },
    define: {
      'process.env.NODE_ENV': '"production"',
      // ws would look for faster native parts outside this folder.
      'process.env.WS_NO_BUFFER_UTIL': '"1"',
      'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
    },
    plugins: [bindNativeParts, importPastDoors, dropUnused],
    absWorkingDir: root,
    logLevel: 'warning',
    write: false,
  })
  mkdirSync(dist, { recursive: true })
  copyNativeParts(folder, nativeParts)
  // A folder moved away from this repository must still say that it holds ES modules.
  writeWhole(join(dist, 'package.json'), '{ "type": "module" }\n')
  // Programs last, so that they never name a part that is not there yet.
  for (const { path, text } of outputFiles.filter((file) => !isProgram(file.path, programs))) {
    writeWhole(path, text)
  }
  for (const { path, text } of outputFiles.filter((file) => isProgram(file.path, programs))) {
    writeWhole(path, text.startsWith('#!') ? text : SHEBANG + text)
    chmodSync(path, 0o755)
  }
  removeUnused(dist, outputFiles)
}

function entryPointsOf(folder, programs) {
  const found = {}
  for (const [program, entry] of Object.entries(programs)) {
    if (existsSync(join(folder, entry))) found[program] = join(folder, entry)
    else console.error(`bundle: ${basename(folder)} has no ${entry} yet; ${program} is left out`)
  }
  return found
}

function isProgram(path, programs) {
  return Object.hasOwn(programs, basename(path, '.js'))
}

function writeWhole(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, text)
  renameSync(temporary, path)
}

function removeUnused(dist, outputFiles) {
  const used = new Set(outputFiles.map(({ path }) => basename(path)))
  for (const name of readdirSync(dist).filter((each) => each.startsWith('part-'))) {
    const path = join(dist, name)
    if (!used.has(name) && Date.now() - statSync(path).mtimeMs > UNUSED_FILE_AGE_MS_MAX)
      rmSync(path)
  }
}
