import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { test } from 'tap'

import { ROOT, SOTTO, SOTTO_RELAY } from './harness/repository.js'

const DIST = join(ROOT, 'cli/dist')

const PACKED = /^"(part-[\w-]+\.js)": function \(.*\) \{$/m

/** Name → text of every part of the program as it was built last, wherever it lies. */
function readParts(): ReadonlyMap<string, string> {
  const parts = new Map<string, string>()
  const read = (file: string): void => {
    const text = readFileSync(join(DIST, file), 'utf8')
    const [own = '', ...packed] = text.split(PACKED)
    if (packed.length === 0) parts.set(file, own)
    for (let index = 0; index < packed.length; index += 2)
      parts.set(packed[index] ?? '', packed[index + 1] ?? '')
    for (const [name] of text.matchAll(/part-[\w-]+\.js/g))
      if (!parts.has(name) && existsSync(join(DIST, name))) read(name)
  }
  const launcher = readFileSync(join(DIST, 'sotto.js'), 'utf8')
  for (const [name] of launcher.matchAll(/part-[\w-]+\.js/g))
    if (existsSync(join(DIST, name)) && !parts.has(name)) read(name)
  return parts
}

const PARTS = readParts()

/** The names of parts that a part loads with it, and of those that they load. */
function partsBehind(name: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(name)) return found
  found.add(name)
  for (const [, part = ''] of (PARTS.get(name) ?? '').matchAll(/\brequire\("\.\/(part-[^"]+)"\)/g))
    partsBehind(part, found)
  return found
}

/** The parts whose names begin like this. */
function partsNamed(beginning: string): readonly string[] {
  return [...PARTS.keys()].filter((name) => name.startsWith(`part-${beginning}-`))
}

function textBehind(name: string): string {
  return [...partsBehind(name)].map((part) => PARTS.get(part) ?? '').join('\n')
}

const OTHER_COMMAND = /make an account on a relay/
const HEAVY = [/prebuilds\//, /\bnode:crypto\b/, /\bnode:http\b/, /SealedEnvelope/]

test('the part that asks an owner has neither native parts nor cryptography nor the wire behind it', async (t) => {
  const [daemon = ''] = partsNamed('daemon')
  const text = textBehind(daemon)
  t.match(text, /events\.subscribe/)
  for (const heavy of HEAVY) t.notMatch(text, heavy)
})

test('nor has the file that every command begins with, nor the rest of the commands', async (t) => {
  const launcher = readFileSync(join(DIST, 'sotto.js'), 'utf8')
  const [start = ''] = /part-start-\w+\.js/.exec(launcher) ?? []
  const text = readFileSync(join(DIST, start), 'utf8')
  t.match(text, /events\.subscribe/)
  t.match(text, /sends once however often it is run/)
  for (const heavy of [...HEAVY, OTHER_COMMAND]) t.notMatch(text, heavy)
  t.match([...PARTS.values()].join('\n'), OTHER_COMMAND)
})

test('the search sees them behind the part that opens a store', async (t) => {
  t.ok(partsNamed('src').some((part) => /prebuilds\//.test(textBehind(part))))
})

test('the sources behind the door import no native library', async (t) => {
  const seen = new Set<string>()
  const outside = new Set<string>()
  const walk = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    const text = readFileSync(path, 'utf8')
    for (const [, specifier = ''] of text.matchAll(/(?:from|import\() ?'([^']+)'/g)) {
      if (specifier.startsWith('.')) walk(join(dirname(path), specifier))
      else outside.add(specifier)
    }
  }
  walk(join(ROOT, 'client-core/out/src/daemon/index.js'))
  t.same([...outside].sort(), ['@sotto/protocol', 'node:fs', 'node:net', 'node:path'])
})

for (const program of [SOTTO, SOTTO_RELAY]) {
  test(`${basename(program)} begins with what it uses of libsignal and without the rest`, async (t) => {
    const folder = dirname(program)
    const named = new Set(readFileSync(program, 'utf8').match(/part-[\w-]+\.js/g))
    const texts = readdirSync(folder).flatMap((name) =>
      named.has(name) ? [readFileSync(join(folder, name), 'utf8')] : [],
    )
    const calls = new Set(texts.flatMap((text) => text.match(/\bpick\("\w+"\)/g) ?? []))
    t.ok(calls.has('pick("PrivateKey_Sign")'))
    t.notOk(calls.has('pick("GroupSecretParams_GenerateDeterministic")'))
  })
}
