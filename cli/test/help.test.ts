import { test } from 'tap'

import { COMMANDS } from '../src/commands/table.js'
import { GLOBAL_FLAGS } from '../src/flags/flag.js'
import { readableColumns } from '../src/help/layout.js'
import { SHORT_HELP, TOPICS } from '../src/help/topics.js'
import { helpOf, parseCommandLine } from '../src/program.js'

const SHOWN = COMMANDS.filter(({ hidden }) => hidden !== true)
const NOUN_NAMES = [...new Set(SHOWN.flatMap(({ path }) => (path.length > 1 ? path[0]! : [])))]
const WIDTHS = [40, 80, 120]

function textOf(words: readonly string[], columns = 80): string {
  const text = helpOf(words, columns)
  if (text === undefined) throw new Error(`no help on ${words.join(' ')}`)
  return text
}

/** Lines too long for a terminal; what is there to be copied stays whole. */
function tooWide(text: string, columns: number): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.length > columns && !/^ {2}\S|^(The object|Flags for)/.test(line))
}

test('every command has an example that begins like a command line', async (t) => {
  t.same(
    SHOWN.filter(({ examples }) => examples.length === 0).map(({ path }) => path.join(' ')),
    [],
  )
})

test('no example holds a placeholder', async (t) => {
  const examples = SHOWN.flatMap(({ examples }) => examples)
  t.same(
    examples.filter((example) =>
      /…|\.\.\.|<[a-z]|\b(TO|TEXT|FILE|NAME|URL|ID|KEY|UUID|MESSAGE|CONV|TYPE|LINK|PATH)\b/.test(
        example,
      ),
    ),
    [],
  )
})

for (const { path } of SHOWN) {
  test(`help of ${path.join(' ')}: usage, examples, then flags with --json first`, async (t) => {
    const text = textOf(path)
    t.match(text, /^Usage: sotto [^]*?\n\nExamples:\n {2}\S[^]*\nFlags:\n {2}--json/)
    t.match(text, /\nExits:\n {3}0 {2}done/)
  })
}

for (const columns of WIDTHS) {
  test(`help fits ${columns} columns`, async (t) => {
    const texts = [[], ...NOUN_NAMES.map((noun) => [noun]), ...SHOWN.map(({ path }) => path)]
    const width = readableColumns(columns)
    t.same(
      texts.flatMap((words) => tooWide(textOf(words, columns), width)),
      [],
    )
  })
}

test('sotto --help is one screen, and names every command', async (t) => {
  const text = textOf([])
  t.ok(text.trimEnd().split('\n').length <= 24, `${text.split('\n').length} lines`)
  const named = new Set(text.split(/[\s|]+/))
  t.same(
    SHOWN.flatMap(({ path }) => path).filter((word) => !named.has(word)),
    [],
  )
})

test('the help of a noun lists its verbs with what they do', async (t) => {
  const text = textOf(['contact'])
  t.match(text, /\n {2}add <to> +look somebody up/)
  t.equal((parseCommandLine(['contact', '--help'], 80) as { readonly text: string }).text, text)
})

test('the flags that the overview names are flags of every command', async (t) => {
  const named = textOf([]).match(/--(?!help)[a-z-]+/g) ?? []
  const flags = [...GLOBAL_FLAGS, ...COMMANDS.flatMap((spec) => spec.flags)].map(
    ({ name }) => `--${name}`,
  )
  t.same(
    named.filter((flag) => !flags.includes(flag)),
    [],
  )
})

test('what is hidden is in no help', async (t) => {
  const hidden = COMMANDS.filter((spec) => spec.hidden === true).map(({ path }) => path.join(' '))
  const texts = [textOf([]), SHORT_HELP, ...Object.values(TOPICS)].join('\n')
  t.same(
    hidden.filter((name) => texts.includes(name)),
    [],
  )
})

test('a flag of every command is in the help of flags, not in each', async (t) => {
  t.match(TOPICS['flags'], /--no-color/)
  t.notMatch(textOf(['send']), /--no-color/)
})
