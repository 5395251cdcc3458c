import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, join } from 'node:path'

import { test } from 'tap'

import { ROOT } from './harness/repository.js'
import { brokenLinks, readDocuments } from './tidy/document.js'
import { importCycles } from './tidy/import-cycles.js'
import { PACKAGES, type SourceFile, filesBelow, readSourceFiles } from './tidy/source-file.js'

// Every rule below answers with a list of what breaks it, so that a failure names file and rule.

/** What each package may import of the others. eslint.config.js holds the same table. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  'client-core': ['protocol'],
  tui: ['client-core', 'protocol'],
  cli: ['client-core', 'protocol', 'tui'],
  relay: ['protocol'],
  test: ['cli', 'client-core', 'protocol', 'relay', 'tui'],
}

/** Each of these hides a missing noun or verb (docs/ARCHITECTURE.md, "The words"). */
const EMPTY_WORDS = /^(manager|managers|helper|helpers|util|utils|utility|utilities)$/
const EMPTY_VERBS = /^(handle|process)[A-Z]/
const EMPTY_TYPE_ENDINGS = /[a-z](Data|Info)$/
const EMPTY_FILE_NAMES = /^(handle|process)-|(^|-)(data|info)$/

const SOURCE_LINES_MAX = 400
/** Files allowed to be longer, each with its length when it was allowed: it may only shrink. */
const LONGER: Readonly<Record<string, number>> = {}

const MIGRATION_HASHES = 'test/tidy/migrations.sha256'

/**
 * The doors of a package. Behind client-core's second are neither libsignal nor the database, behind
 * its third is an account without files, for the simulation; behind tui's second is a made-up
 * world, behind its third what docs/TUI.md is made of, behind its fourth what only somebody without an
 * account is asked, behind its fifth the full screen, which loads Ink. What has parsers of outside
 * bytes has a door to them, for fuzzing.
 */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'client-core': ['.', './daemon', './simulation', './parsers'],
  cli: ['.', './parsers'],
  relay: ['.', './parsers'],
  tui: ['.', './demo', './docs', './first-run', './screen'],
  test: [],
}

const files = readSourceFiles()
const sources = files.filter(({ isTest }) => !isTest)
const tests = files.filter(({ isTest }) => isTest)

interface Manifest {
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest
}

test('the manifests say which package stands on which', async (t) => {
  const stated = PACKAGES.map((name) => {
    const dependencies = Object.keys(manifestOf(name).dependencies ?? {})
    const own = dependencies.filter((each) => each.startsWith('@sotto/'))
    return [name, own.map((each) => each.slice('@sotto/'.length)).sort()]
  })
  t.same(Object.fromEntries(stated), ARROWS)
})

test('a package has one door, and others only for those who ask, for the simulation and for fuzzing', async (t) => {
  const doors = PACKAGES.map((name) => [name, Object.keys(manifestOf(name).exports ?? {})])
  t.same(
    Object.fromEntries(doors),
    Object.fromEntries(PACKAGES.map((name) => [name, DOORS[name] ?? ['.']])),
  )
})

test('packages import each other only along the arrows, and by the public door', async (t) => {
  const allowed = (file: SourceFile) =>
    ARROWS[file.package]!.flatMap((name) =>
      (DOORS[name] ?? ['.']).map((door) => `@sotto/${name}${door.slice(1)}`),
    )
  t.same(
    importsOf(files, (specifier, file) => {
      if (!specifier.startsWith('@sotto/')) return false
      return !allowed(file).includes(specifier)
    }),
    [],
  )
})

test('no import reaches into another package by its path', async (t) => {
  t.same(
    importsOf(files, (specifier, file) => {
      if (!specifier.startsWith('.')) return false
      const depth = file.path.split('/').length - 2
      return specifier.split('/').filter((part) => part === '..').length > depth
    }),
    [],
  )
})

test('whatever is imported is declared in the manifest of its package', async (t) => {
  const shared = Object.keys(manifestOf('.').devDependencies ?? {})
  t.same(
    importsOf(files, (specifier, file) => {
      if (/^[.#]|^node:/.test(specifier)) return false
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
      if (builtinModules.includes(name)) return true // must say node:
      const declared = Object.keys(manifestOf(file.package).dependencies ?? {})
      return !declared.includes(name) && !(file.isTest && shared.includes(name))
    }),
    [],
  )
})

test('protocol runs without Node', async (t) => {
  const protocol = sources.filter((file) => file.package === 'protocol')
  t.same(
    importsOf(protocol, (specifier) => specifier.startsWith('node:')),
    [],
  )
})

test('in client-core only session and account import libsignal', async (t) => {
  const others = sources.filter(({ path }) =>
    /^client-core\/src\/(?!session\/|account\/)/.test(path),
  )
  t.same(
    importsOf(others, (specifier) => specifier.startsWith('@signalapp/libsignal-client')),
    [],
  )
})

test('no files know each other in a circle, types included', async (t) => {
  t.same(importCycles(files), [])
})

test('names say what a thing is, without Manager, Helper, Util, Data, Info, handle or process', async (t) => {
  const empty = sources.flatMap(({ path, names }) =>
    names
      .filter(({ text, isType }) => isEmptyName(text) || (isType && EMPTY_TYPE_ENDINGS.test(text)))
      .map(({ text, line }) => `${path}:${line} ${text}`),
  )
  t.same(empty, [])
})

test('files are named for what they hold', async (t) => {
  const empty = sources
    .map(({ path }) => path)
    .filter((path) => path.split('/').slice(2).some(isEmptyFileName))
  t.same(empty, [])
})

test('a source file has one idea, and so at most 400 lines', async (t) => {
  const long = sources
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ path, lines }) => lines > (LONGER[path] ?? SOURCE_LINES_MAX))
    .map(({ path, lines }) => `${path}: ${lines} lines`)
  t.same(long, [])
})

test('every file allowed to be longer still needs it', async (t) => {
  const short = Object.keys(LONGER).filter((path) => {
    const file = sources.find((each) => each.path === path)
    return file === undefined || file.text.split('\n').length - 1 <= SOURCE_LINES_MAX
  })
  t.same(short, [])
})

test('links between documents lead somewhere', async (t) => {
  t.same(brokenLinks(readDocuments()), [])
})

test('every error code has one heading in docs/ERRORS.md, with its exit code', async (t) => {
  const document = readDocuments().find(({ path }) => path === 'docs/ERRORS.md')
  const documented = (document?.headings ?? []).filter((heading) => heading.includes('/'))
  t.same([...documented].sort(), errorHeadings().sort())
})

test('every crashpoint on the list is marked in the sources', async (t) => {
  const marked = sources.filter(({ path }) => !path.endsWith('/ports.ts'))
  const unmarked = crashpoints().filter(
    (name) => !marked.some(({ text }) => text.includes(`crashpoint('${name}')`)),
  )
  t.same(unmarked, [])
})

test('every crashpoint is hit by a test', async (t) => {
  const texts = tests
    .filter(({ path }) => basename(path) !== 'tidy.test.ts')
    .map(({ text }) => text)
  const hitAll = texts.some((text) => /\bCRASHPOINTS\b/.test(text))
  const unhit = crashpoints().filter((name) => !texts.some((text) => text.includes(`'${name}'`)))
  t.same(hitAll ? [] : unhit, [])
})

test('no statement says LIMIT ? alone, which SQLite compiles anew whenever it is bound', async (t) => {
  const bare = sources.flatMap(({ path, text }) => (/\bLIMIT \?(?! \+ 0)/.test(text) ? [path] : []))
  t.same(bare, [], 'LIMIT ? + 0: what is not a parameter itself is not looked at when planning')
})

test('a migration never changes once it is in use', async (t) => {
  const migrations = ['client-core', 'relay', 'cli']
    .flatMap((name) => filesBelow(`${name}/src`))
    .filter((path) => /\/migrations\/\d{4}-[^/]+$/.test(path))
  const found = migrations.map((path) => `${sha256(readFileSync(join(ROOT, path)))}  ${path}`)
  // A new migration: add its line to the file. A changed one: write a new migration instead.
  const noted = existsSync(join(ROOT, MIGRATION_HASHES))
    ? readFileSync(join(ROOT, MIGRATION_HASHES), 'utf8').trim().split('\n')
    : []
  t.same(found.sort(byPath), noted.sort(byPath), `compare ${MIGRATION_HASHES}`)
})

function importsOf(
  among: readonly SourceFile[],
  isWrong: (specifier: string, file: SourceFile) => boolean,
): string[] {
  return among.flatMap((file) =>
    file.imports
      .filter(({ specifier }) => isWrong(specifier, file))
      .map(({ specifier, line }) => `${file.path}:${line} imports ${specifier}`),
  )
}

function isEmptyName(name: string): boolean {
  return EMPTY_VERBS.test(name) || wordsOf(name).some((word) => EMPTY_WORDS.test(word))
}

function isEmptyFileName(fileName: string): boolean {
  const name = fileName.replace(/\..*$/, '')
  return EMPTY_FILE_NAMES.test(name) || name.split('-').some((word) => EMPTY_WORDS.test(word))
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_]+/)
    .map((word) => word.toLowerCase())
}

/** The table in protocol/src/error-codes.ts, as the headings it calls for. */
function errorHeadings(): string[] {
  const table = sources.find(({ path }) => path === 'protocol/src/error-codes.ts')?.text ?? ''
  return [...table.matchAll(/^ {2}'([a-z-]+\/[a-z-]+)': (\d+),/gm)].map(
    ([, code, exit]) => `${code} · exit ${exit}`,
  )
}

/** The list in client-core/src/ports.ts. */
function crashpoints(): string[] {
  const text = sources.find(({ path }) => path === 'client-core/src/ports.ts')?.text ?? ''
  const [, list = ''] = /CRASHPOINTS = \[([^\]]*)\]/.exec(text) ?? []
  return [...list.matchAll(/'([^']+)'/g)].map(([, name = '']) => name)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function byPath(a: string, b: string): number {
  return a.slice(64).localeCompare(b.slice(64))
}
