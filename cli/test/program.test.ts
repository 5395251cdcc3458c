import { test } from 'tap'

import { COMMANDS } from '../src/commands/table.js'
import { parseCommandLine } from '../src/program.js'
import { readQuickly } from '../src/quick.js'
import type { Parsed } from '../src/read-line.js'

/** Every way in which a word can stand in a line. */
const WORDS = [
  ...['send', '__complete', 'history', 'recipient', '@bob', '', '-', '--'],
  ...['--json', '-q', '-A', 'alice.42', '-Aalice', '--account=a', '--timeout', '--no-queue'],
  ...['--wait', '--no-color', '--color', '--help', '-5'],
]

const PAIRS = [[], ...WORDS.flatMap((word) => [[word], ...WORDS.map((next) => [word, next])])]
const LINES = [[], ['send'], ['send', '@bob', '--wait', 'read'], ['__complete', 'account']].flatMap(
  (line) => PAIRS.map((pair) => [...line, ...pair]),
)

function sameLine(one: Parsed, other: Parsed): boolean {
  return JSON.stringify(one, mapsToo) === JSON.stringify(other, mapsToo)
}

function mapsToo(_: string, value: unknown): unknown {
  return value instanceof Map ? [...(value as ReadonlyMap<unknown, unknown>)] : value
}

function commandOf(...argv: string[]) {
  const parsed = parseCommandLine(argv, 80)
  if (parsed.kind !== 'command') throw new Error(`not a command: ${parsed.kind}`)
  return parsed
}

test('no two commands have one name', async (t) => {
  const names = COMMANDS.map(({ path }) => path.join(' '))
  t.equal(new Set(names).size, names.length)
})

test('global flags may stand before and after the command', async (t) => {
  const before = commandOf('--json', '-A', 'alice.42', 'account', 'list')
  const after = commandOf('account', 'list', '-A', 'alice.42', '--json')
  t.same(Object.fromEntries(before.globals), { json: [''], account: ['alice.42'] })
  t.same(Object.fromEntries(after.globals), { json: [''], account: ['alice.42'] })
})

test('a command’s own timeout and the global one are two', async (t) => {
  const { typed, globals } = commandOf('--timeout', '9s', 'send', '@bob', 'hi', '--timeout', '1s')
  t.same(typed.get('timeout'), ['1s'])
  t.same(globals.get('timeout'), ['9s'])
})

test('flags may stand between arguments', async (t) => {
  const { args, typed } = commandOf('send', '@bob', '--wait', 'read', 'hi')
  t.same(args, ['@bob', 'hi'])
  t.same(typed.get('wait'), ['read'])
})

test('what stands behind -- is counted', async (t) => {
  const { args, literal } = commandOf('send', '@bob', '--', '--json')
  t.same(args, ['@bob', '--json'])
  t.equal(literal, 1)
})

test('a flag that repeats keeps all its values', async (t) => {
  const { typed } = commandOf('receive', '--type', 'gap', '--type', 'message.sent')
  t.same(typed.get('type'), ['gap', 'message.sent'])
})

test('a switch that says no is on when it is typed, and only then', async (t) => {
  t.ok(commandOf('send', '@bob', '--no-queue').typed.has('no-queue'))
  t.notOk(commandOf('send', '@bob').typed.has('no-queue'))
})

test('a flag that does not exist is refused, with what was probably meant', async (t) => {
  t.throws(() => commandOf('send', '@bob', '--wiat', 'read'), {
    code: 'usage/invalid',
    message: /sotto send has no flag --wiat/,
    fix: /Did you mean --wait\?/,
  })
})

for (const later of ['--expire', '--at', '--view-once', '--edit']) {
  test(`send ${later} is not accepted silently before it exists`, async (t) => {
    t.throws(() => commandOf('send', '@bob', 'hi', later), { code: 'usage/invalid' })
  })
}

test('a command that does not exist is refused, with what was probably meant', async (t) => {
  t.throws(() => commandOf('recieve'), {
    code: 'usage/invalid',
    fix: /Did you mean sotto receive\?/,
  })
  t.throws(() => commandOf('contact', 'acept'), {
    code: 'usage/invalid',
    fix: /Did you mean sotto contact accept\?/,
  })
})

test('a noun without a verb names its verbs', async (t) => {
  t.throws(() => commandOf('account'), { code: 'usage/invalid', fix: /sotto account create/ })
})

test('missing and surplus arguments are usage errors', async (t) => {
  t.throws(() => commandOf('history'), { code: 'usage/invalid' })
  t.throws(() => commandOf('account', 'list', 'surplus'), { code: 'usage/invalid' })
  t.throws(() => commandOf('receive', '--max'), { code: 'usage/invalid' })
})

test('nothing typed is nothing, with its global flags', async (t) => {
  t.equal(parseCommandLine([], 80).kind, 'nothing')
  const parsed = parseCommandLine(['-A', 'alice.42'], 80)
  t.same(parsed.kind === 'nothing' && parsed.globals.get('account'), ['alice.42'])
})

test('a quick command, or none, is read without commander', async (t) => {
  for (const argv of [
    ['send', '@bob', 'hi', '--json', '--wait', 'read'],
    ['-A', 'alice.42', 'send', '@bob', '--no-queue', '--', '--json'],
    ['--timeout', '9s', 'send', '@bob', 'hi', '--timeout', '1s'],
    ['send', '@bob', '-'],
    ['__complete', 'recipient', '@b', '--account', 'send'],
    [],
    ['-A', 'alice.42', '--no-color'],
    ['--account', 'send'],
  ])
    t.same(readQuickly(argv), parseCommandLine(argv, 80), argv.join(' '))
})

test('whatever is read without commander is read the same way with it', async (t) => {
  let quick = 0
  for (const argv of LINES) {
    const read = readQuickly(argv)
    if (read === undefined) continue
    quick += 1
    const parsed = parseCommandLine(argv, 80)
    if (!sameLine(read, parsed)) t.same(read, parsed, argv.join(' '))
  }
  t.ok(quick > 300, `${String(quick)} lines`)
})

test('another command, a mistake, or asking for help takes all of the table', async (t) => {
  for (const argv of [
    ['--home', 'here', 'history'],
    ['--hoem', 'here'],
    ['--help'],
    ['--', 'history'],
    ['history', 'send'],
    ['contact', 'add', '@send', '--as', 'send'],
    ['--account', 'send', 'history'],
    ['send', '--help'],
    ['help', 'send'],
    ['send', '--wiat', 'read'],
    ['sned', 'send'],
    ['send', '--version'],
    ['send', '--wait'],
    ['send', '@bob', '--wait', '-q'],
    ['send', '@bob', '--wait=read'],
    ['__complete'],
    ['__complete', 'recipient', '@b', 'surplus'],
  ])
    t.equal(readQuickly(argv), undefined, argv.join(' '))
})
