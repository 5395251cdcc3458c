import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'tap'
import { isolatedEnvironment, ROOT, tempDir, type Scope } from '../harness/index.js'
import { parseArguments } from './arguments.js'
import { isMet, isMetBeside, type Figure } from './figure.js'
import { DelayCounts } from './relay/delay-counts.js'
import { difference, median, slope } from './statistics.js'

const KNOWN = ['relay', 'startup']
const execute = promisify(execFile)

/** The benchmarks as a program, on a machine without any peer. */
async function bench(scope: Scope, ...args: readonly string[]) {
  const dir = tempDir(scope)
  const path = join(dir, 'bin')
  mkdirSync(path)
  symlinkSync(process.execPath, join(path, 'node'))
  const env = isolatedEnvironment(join(dir, 'home'), { PATH: path })
  const main = join(ROOT, 'test/out/bench/main.js')
  return execute(process.execPath, [main, ...args], { env })
}

test('without names all benchmarks run, each figure five times', async (t) => {
  t.same(parseArguments([], KNOWN), {
    kind: 'run',
    names: KNOWN,
    rounds: 5,
    messages: 1_000_000,
    json: false,
    document: undefined,
  })
})

test('names, rounds, messages and where to write are read', async (t) => {
  const args = ['startup', '--rounds=2', '--messages', '1000', '--json', '--write', '--to=x.md']
  t.match(parseArguments(args, KNOWN), {
    names: ['startup'],
    rounds: 2,
    messages: 1_000,
    json: true,
    document: 'x.md',
  })
})

test('what no benchmark is called is said, with the names there are', async (t) => {
  t.same(parseArguments(['speed'], KNOWN), {
    kind: 'wrong',
    reason: 'no benchmark is called speed; there are: relay, startup',
  })
  t.match(parseArguments(['--rounds=0'], KNOWN), { kind: 'wrong' })
  t.match(parseArguments(['--fast'], KNOWN), { kind: 'wrong' })
})

test('the median of two rounds is between them', async (t) => {
  t.equal(median([45, 4]), 24.5)
  t.equal(median([9, 1, 3]), 3)
  t.ok(Number.isNaN(median([])))
})

test('a goal is of the ratio to the floor, of the value, or of the ratio to a peer', async (t) => {
  const peer = { name: 'peer', value: 10, durability: 'none', goal: { atLeast: 6 } }
  const figure: Figure = {
    bench: 'a.b',
    value: 50,
    unit: 'msg/s',
    floor: { name: 'floor', value: 60 },
    goal: { atLeast: 0.8 },
  }
  t.equal(isMet(figure), true)
  t.equal(isMet({ ...figure, goal: { atMost: 0.8 } }), false)
  t.equal(isMet({ ...figure, goal: { valueAtMost: 49 } }), false)
  t.equal(isMetBeside(figure, peer), false)
  t.equal(isMetBeside({ ...figure, value: 60 }, peer), true)
  t.equal(isMetBeside(figure, { name: 'peer', skipped: 'not installed' }), undefined)
})

test('two samples are as far apart as their distributions, and no more than chance has it', async (t) => {
  const evenly = Array.from({ length: 1_000 }, (_, index) => index)
  const later = evenly.map((value) => value + 200)
  const interleaved = evenly.map((value) => value + 0.5)
  t.equal(difference(evenly, evenly).distance, 0)
  t.equal(difference(evenly, evenly).p, 1)
  t.ok(Math.abs(difference(evenly, later).distance - 0.2) < 1e-9)
  t.ok(difference(evenly, later).p < 1e-15)
  t.ok(difference(evenly, interleaved).p > 0.99)
  t.equal(difference([1, 2], [3, 4]).distance, 1)
})

test('each figure is a line of JSON as its schema says, and names the peers that are not there', async (t) => {
  const { stdout } = await bench(t, 'startup', '--rounds=1', '--json')
  const schema = JSON.parse(
    readFileSync(join(ROOT, 'test/bench/figure.schema.json'), 'utf8'),
  ) as object
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema)
  const lines = stdout.trim().split('\n')
  const figures = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  t.same(
    figures.filter((figure) => !validate(figure)),
    [],
    JSON.stringify(validate.errors),
  )
  t.match(figures, [
    {
      bench: 'startup.relay',
      unit: 'ms',
      floor: { name: 'floor relay' },
      goal: '≤ 1.3 ×',
      peers: [
        { name: 'prosody', skipped: 'not installed' },
        { name: 'ejabberd', skipped: 'not installed' },
        { name: 'mosquitto', skipped: 'not installed' },
      ],
    },
  ])
})

test('--write writes the document, with the machine, the commit and what was skipped', async (t) => {
  const file = join(tempDir(t), 'BENCHMARKS.md')
  await bench(t, 'startup', '--rounds=1', '--write', `--to=${file}`)
  const document = readFileSync(file, 'utf8')
  t.match(document, /^- machine: \d+ × .+, \d+ GiB$/m)
  t.match(document, /^- commit: .+$/m)
  t.match(
    document,
    /^\| startup\.relay +\| [\d.]+ ms +\| floor relay +\| [\d.]+ +\| \d+\.\d\d +\|/m,
  )
  t.match(document, /^\| +\| +\| prosody +\| skipped: not installed \|/m)
  const prettier = join(ROOT, 'node_modules/prettier/bin/prettier.cjs')
  const options = ['--config', join(ROOT, '.prettierrc'), '--check', file]
  await t.resolves(execute(process.execPath, [prettier, ...options]))
})

test('--help names every benchmark', async (t) => {
  const { stdout } = await bench(t, '--help')
  for (const name of [
    'startup',
    'relay',
    'latency',
    'connections',
    'backlog',
    'cli',
    'screen',
    'search',
  ])
    t.match(stdout, new RegExp(`^  ${name} `, 'm'))
})

test('what rises by the same every time has that slope, and what stands still has none', (t) => {
  t.equal(slope([5, 7, 9, 11]), 2)
  t.equal(slope([3, 3, 3]), 0)
  t.equal(slope([1, 2, 2, 1]), 0)
  t.end()
})

test('how late an event loop came is counted to a fiftieth of a millisecond', async (t) => {
  const delays = new DelayCounts()
  for (let ms = 100; ms >= 1; ms--) delays.add(ms / 10)

  t.ok(Math.abs(delays.quantile(0.99) - 9.9) < 0.021)
  t.ok(Math.abs(delays.quantile(0.5) - 5) < 0.021)
  t.equal(delays.quantile(1), 10)
  t.equal(delays.max, 10)
})

test('what came later than can be counted is not told as more or less than it was at most', async (t) => {
  const delays = new DelayCounts()
  delays.add(5_000)
  t.equal(delays.max, 5_000)
  t.ok(delays.quantile(0.99) >= 1_999)

  delays.clear()
  t.equal(delays.max, 0)
  t.equal(delays.quantile(0.99), 0)
})
