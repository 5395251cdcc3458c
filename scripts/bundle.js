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
import { basename, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

import { removeCodeCaches, writeCodeCache } from './code-cache.js'
import { importPastDoors } from './import-past-doors.js'
import { inkAtOnce } from './ink-at-once.js'
import { inkBoxes } from './ink-boxes.js'
import { HELP_FOLDER, PART, launcherOf } from './launcher.js'
import { lazyBuiltins } from './lazy-builtins.js'
import { bindNativeParts, copyNativeParts } from './native-parts.js'
import { parsedDescriptors } from './parsed-descriptors.js'
import { packParts } from './packs.js'
import { toCommonJs } from './parts.js'
import { dropUnused } from './pure-libraries.js'
import { Failure, root } from './workspace.js'

/**
 * The programs, by package: what people run is `<package>/dist/<program>.js`, one small executable
 * file that opens further files beside it only when a command needs them. What it then needs all at
 * once lies in one pack: name → the sources that are loaded together.
 */
const BUNDLES = [
  {
    package: 'cli',
    programs: {
      sotto: 'out/src/main.js',
      scene: 'out/src/scene/main.js',
      'unseal-main': '../client-core/out/src/thread/unseal-main.js',
    },
    help: 'sotto',
    packs: {
      start: ['cli/out/src/main.js', 'client-core/out/src/daemon/index.js'],
      table: ['cli/out/src/program.js'],
      core: [
        'client-core/out/src/index.js',
        'client-core/out/src/daemon/server.js',
        'client-core/out/src/net/websocket.js',
      ],
      screen: [
        'cli/out/src/commands/screen.js',
        'cli/out/src/config/themes.js',
        'tui/out/src/screen.js',
      ],
    },
    nativeParts: ['libsignal', 'sqlcipher', 'keyring'],
    beside: { schemas: 'docs/schemas' },
  },
  {
    package: 'relay',
    programs: {
      'sotto-relay': 'out/src/main.js',
      'flushing-main': 'out/src/backup/flushing-main.js',
    },
    packs: { start: ['relay/out/src/main.js'] },
    nativeParts: ['libsignal', 'sqlcipher'],
  },
]

const SHEBANG = '#!/usr/bin/env node\n'

/** A program that is running keeps the files it may still open; after this, it has opened them. */
const UNUSED_FILE_AGE_MS_MAX = 60 * 60 * 1000

/** Bundles the compiled sources of every program. Needs `tsc -b` to have run. */
export async function bundle() {
  for (const each of BUNDLES) await bundlePackage(each)
}

async function bundlePackage({ package: name, programs, help, packs, nativeParts, beside = {} }) {
  const folder = join(root, name)
  const dist = join(folder, 'dist')
  const esbuild = await import(pathToFileURL(join(root, 'node_modules/esbuild/lib/main.js')).href)
  const entryPoints = entryPointsOf(folder, programs)
  const split = await esbuild.build({
    entryPoints,
    outdir: dist,
    entryNames: `${PART}[name]-[hash]`,
    chunkNames: `${PART}[name]-[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    legalComments: 'none',
    define: {
      'process.env.NODE_ENV': '"production"',
      // ws would look for faster native parts outside this folder.
      'process.env.WS_NO_BUFFER_UTIL': '"1"',
      'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
    },
    plugins: [
      bindNativeParts,
      importPastDoors,
      dropUnused,
      lazyBuiltins,
      inkBoxes,
      parsedDescriptors,
      inkAtOnce,
    ],
    absWorkingDir: root,
    logLevel: 'warning',
    metafile: true,
    write: false,
  })
  const parts = await toCommonJs(esbuild, split)
  const { files, members } = packParts(parts, split.metafile, packs)
  mkdirSync(dist, { recursive: true })
  copyNativeParts(folder, nativeParts)
  // A folder moved away from this repository must still say what it holds.
  writeWhole(join(dist, 'package.json'), '{ "type": "commonjs" }\n')
  for (const [name, from] of Object.entries(beside)) copyTexts(join(root, from), join(dist, name))
  removeCodeCaches(dist)
  for (const [name, text] of files) writeWhole(join(dist, name), text)
  // Programs last, so that they never name a part that is not there yet.
  for (const [program, mainPart] of mainParts(split.metafile, entryPoints)) {
    if (!parts.has(mainPart)) throw new Failure(`build: ${program} awaits at its top`)
    const path = join(dist, `${program}.js`)
    const widths = program === help ? await writeHelp(folder, dist) : undefined
    writeWhole(path, SHEBANG + launcherOf(mainPart, members, widths))
    chmodSync(path, 0o755)
  }
  removeUnused(dist, files)
  const compilable = [...files.keys()].filter((file) => file.endsWith('.js'))
  writeCodeCache(dist, { packs: Object.keys(members), names: compilable })
}

/** The help of all of a program, for every width it is laid out for; tells which these are. */
async function writeHelp(folder, dist) {
  const door = pathToFileURL(join(folder, 'out/src/index.js')).href
  const { helpOf, COLUMNS_MIN: columnsMin, COLUMNS_MAX: columnsMax } = await import(door)
  mkdirSync(join(dist, HELP_FOLDER), { recursive: true })
  for (let columns = columnsMin; columns <= columnsMax; columns++) {
    const text = helpOf([], columns).replace(/\n$/, '')
    writeWhole(join(dist, HELP_FOLDER, `${columns}.txt`), `${text}\n`)
  }
  return { columnsMin, columnsMax }
}

function entryPointsOf(folder, programs) {
  const found = {}
  for (const [program, entry] of Object.entries(programs)) {
    if (existsSync(join(folder, entry))) found[program] = join(folder, entry)
    else console.error(`bundle: ${basename(folder)} has no ${entry} yet; ${program} is left out`)
  }
  return found
}

/** Program → the part it begins with. */
function mainParts({ outputs }, entryPoints) {
  const parts = Object.entries(outputs).map(([path, { entryPoint }]) => [
    entryPoint,
    basename(path),
  ])
  const partOf = new Map(parts)
  return Object.entries(entryPoints).map(([program, entry]) => [
    program,
    partOf.get(relative(root, entry).replaceAll('\\', '/')),
  ])
}

/** What a program reads while it runs, as it is when it is built. */
function copyTexts(from, into) {
  mkdirSync(into, { recursive: true })
  const names = readdirSync(from)
  for (const name of names) writeWhole(join(into, name), readFileSync(join(from, name), 'utf8'))
  for (const name of readdirSync(into)) if (!names.includes(name)) rmSync(join(into, name))
}

function writeWhole(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, text)
  renameSync(temporary, path)
}

function removeUnused(dist, files) {
  for (const name of readdirSync(dist).filter((each) => each.startsWith(PART))) {
    const path = join(dist, name)
    if (!files.has(name) && Date.now() - statSync(path).mtimeMs > UNUSED_FILE_AGE_MS_MAX)
      rmSync(path)
  }
}
