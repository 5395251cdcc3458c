import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { ROOT } from '../harness/repository.js'
import { countBlocks } from './instrumented.js'

// Before anything that is tried is loaded.
const blocks = countBlocks()
const { readOnceBroken, readReached } = await import('./corpus.js')
const { fuzz } = await import('./fuzzer.js')
const { TARGETS } = await import('./targets/index.js')
const { trial } = await import('./trial.js')

const SEED = 1
const RUNS_MAX = 1_500
/** On a slow machine it is fewer. */
const MS_MAX = 1_200

test('the targets have names of their own, and each has a corpus', async (t) => {
  const names = TARGETS.map(({ name }) => name)
  t.equal(new Set(names).size, names.length)
  t.same(
    names.filter((name) => readReached(name).length === 0),
    [],
  )
})

test('every parser of outside bytes that the documents list is a target', async (t) => {
  const text = readFileSync(join(ROOT, 'docs/TESTING.md'), 'utf8')
  const [, section = ''] = text.split('## Fuzzing')
  const rows = section.split('\n').filter((line) => /^\| [^|-]/.test(line))
  const listed = rows.flatMap((row) =>
    [...(row.split('|')[2] ?? '').matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
  )
  t.same([...new Set(listed)].sort(), TARGETS.map(({ name }) => name).sort())
})

for (const target of TARGETS) {
  const { name } = target
  for (const { name: was, input } of readOnceBroken(name)) {
    test(`${name}: what once broke does not: ${was}`, async (t) => {
      t.equal(await trial(target, input), undefined)
    })
  }

  test(`${name}: nothing that reached something new breaks it, nor what is made of that`, async (t) => {
    const corpus = readReached(name)
    const runsMax = corpus.length + RUNS_MAX
    const fuzzed = await fuzz({ target, blocks, corpus, seed: SEED, runsMax, msMax: MS_MAX })
    t.equal(fuzzed.finding?.what, undefined)
    t.ok(fuzzed.runs > corpus.length, 'the whole corpus was tried')
    t.ok(fuzzed.blocks > 0, 'blocks were counted')
  })
}
