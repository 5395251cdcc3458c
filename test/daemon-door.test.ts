import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { test } from 'tap'

import { ROOT } from './harness/repository.js'

const DIST = join(ROOT, 'cli/dist')

/** The names of parts that a part loads with it, and of those that they load. */
function partsBehind(name: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(name)) return found
  found.add(name)
  const text = readFileSync(join(DIST, name), 'utf8')
  for (const [, part = ''] of text.matchAll(/\brequire\("\.\/(part-[^"]+)"\)/g))
    partsBehind(part, found)
  return found
}

/** The parts of the program as it was built last, by what their names begin with. */
function partNamed(beginning: string): string {
  const [main = ''] = /part-[\w-]+\.js/.exec(readFileSync(join(DIST, 'sotto.js'), 'utf8')) ?? []
  const text = readFileSync(join(DIST, main), 'utf8')
  const name = new RegExp(`part-${beginning}-\\w+\\.js`).exec(text)?.[0]
  if (name === undefined) throw new Error(`the program has no part ${beginning}`)
  return name
}

function textBehind(name: string): string {
  return [...partsBehind(name)].map((part) => readFileSync(join(DIST, part), 'utf8')).join('\n')
}

const HEAVY = [/prebuilds\//, /\bnode:crypto\b/, /\bnode:http\b/, /SealedEnvelope/]

test('the part that asks an owner has neither native parts nor cryptography nor the wire behind it', async (t) => {
  const text = textBehind(partNamed('daemon'))
  t.match(text, /events\.subscribe/)
  for (const heavy of HEAVY) t.notMatch(text, heavy)
})

test('the search sees them behind the part that opens a store', async (t) => {
  const main = readFileSync(join(DIST, 'sotto.js'), 'utf8')
  const parts = [...partsBehind(/part-[\w-]+\.js/.exec(main)?.[0] ?? '')]
  const loadedLater = parts.flatMap((part) => [
    ...readFileSync(join(DIST, part), 'utf8').matchAll(/part-src-\w+\.js/g),
  ])
  t.ok(loadedLater.some(([part]) => /prebuilds\//.test(textBehind(part))))
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
