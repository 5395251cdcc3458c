import type { CommandSpec } from '../commands/command.js'
import { flagUsage, type FlagSpec } from '../flags/flag.js'
import { EXITS } from './exits.js'
import { definitions, readableColumns, wrap } from './layout.js'
import { TOPICS } from './topics.js'

/** What help is made of: the rows of the command table and what stands under its nouns. */
export interface HelpSource {
  readonly commands: readonly CommandSpec[]
  readonly nouns: Readonly<Record<string, string>>
}

/** The flags of every command that most people need. */
const OVERVIEW_FLAGS = ['json', 'account', 'quiet', 'yes']
const MORE = 'Flags for every command: sotto help flags'
/** A noun shows so many examples of its verbs. */
const NOUN_EXAMPLES_MAX = 3
/** From this width on, the names of the groups have a column of their own. */
const GROUP_COLUMN_FROM = 60
const GROUP_COLUMN = 13

/** The help of a command or noun by its words, or of the whole program; undefined: no such one. */
export function renderHelp(
  { commands, nouns }: HelpSource,
  words: readonly string[],
  columns: number,
): string | undefined {
  const width = readableColumns(columns)
  if (words.length === 0) return page(renderOverview(commands, width))
  const spec = commands.find(({ path }) => path.join(' ') === words.join(' '))
  if (spec !== undefined) return page(renderCommand(spec, width))
  const [noun = '', ...rest] = words
  const verbs = commands.filter(({ path, hidden }) => isVerbOf(noun, path) && hidden !== true)
  if (verbs.length === 0 || rest.length > 0) return undefined
  return page(renderNoun(noun, nouns[noun] ?? '', verbs, width))
}

/** `sotto send <to...> [text | -]` */
export function usageOf({ path, arguments: words }: CommandSpec): string {
  const usages = words.map(({ usage }) => (usage === '[text]' ? '[text | -]' : usage))
  return ['sotto', ...path, ...usages].join(' ')
}

/** Every help shows it first, because people look for it. */
export function jsonFlagOf({ object }: CommandSpec): FlagSpec {
  return { name: 'json', summary: jsonSummary(object) }
}

function jsonSummary(object: CommandSpec['object']): string {
  if (object === undefined) return 'print errors as JSON'
  return object.many
    ? `print JSON, one ${object.schema} object a line`
    : `print the ${object.schema} object as JSON`
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}

function isVerbOf(noun: string, path: readonly string[]): boolean {
  return path.length === 2 && path[0] === noun
}

function renderCommand(spec: CommandSpec, columns: number): readonly string[] {
  const { summary, details, examples, object } = spec
  const flags = [jsonFlagOf(spec), ...spec.flags]
  return [
    ...wrap(`Usage: ${usageOf(spec)} [flags]`, columns, 7),
    ...wrap(sentence(summary), columns),
    ...section(
      'Examples:',
      examples.map((each) => `  ${each}`),
    ),
    ...section(
      'Arguments:',
      definitions(
        spec.arguments.map((each) => [each.usage, each.summary]),
        columns,
      ),
    ),
    ...section(
      'Flags:',
      definitions(
        flags.map((flag) => [flagUsage(flag), flag.summary]),
        columns,
      ),
    ),
    ...details.flatMap((paragraph) => ['', ...wrap(paragraph, columns)]),
    ...section('Exits:', definitions(exitRows(spec), columns)),
    '',
    ...(object === undefined ? [] : wrap(`The object: sotto schema ${object.schema}`, columns)),
    MORE,
  ]
}

/** A summary of the table, as it stands alone. */
function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
}

function exitRows({ exits, flags }: CommandSpec): readonly (readonly [string, string])[] {
  const waits = flags.some(({ name }) => name === 'wait')
  return [0, ...exits].map((code) => {
    const meaning = code === 0 && !waits ? 'done' : (EXITS[code] ?? '')
    return [String(code).padStart(2), meaning]
  })
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines]
}

function renderNoun(
  noun: string,
  meaning: string,
  verbs: readonly CommandSpec[],
  columns: number,
): readonly string[] {
  const examples = verbs.flatMap(({ examples: [first = ''] }) => first).filter(Boolean)
  return [
    ...wrap(`Usage: sotto ${noun} <verb> [arguments] [flags]`, columns, 7),
    ...wrap(sentence(meaning), columns),
    ...section(
      'Examples:',
      examples.slice(0, NOUN_EXAMPLES_MAX).map((each) => `  ${each}`),
    ),
    ...section('Verbs:', definitions(verbs.map(verbRow), columns)),
    '',
    ...wrap(`More on one: sotto ${noun} ${verbs[0]?.path[1] ?? '<verb>'} --help`, columns),
    MORE,
  ]
}

function verbRow({ path, arguments: words, summary }: CommandSpec): readonly [string, string] {
  return [[path[1] ?? '', ...words.map(({ usage }) => usage)].join(' '), summary]
}

function renderOverview(commands: readonly CommandSpec[], columns: number): readonly string[] {
  const shown = commands.filter(({ hidden }) => hidden !== true)
  const groups = [...new Set(shown.map(({ group }) => group))]
  const flags = OVERVIEW_FLAGS.map((name) => `--${name}`).join(' ')
  return [
    ...wrap('Usage: sotto <command> [arguments] [flags]', columns, 7),
    '',
    '  sotto send @bob.42 "on my way"',
    '  make 2>&1 | tail -40 | sotto send @bob',
    '  sotto receive --follow --json',
    '',
    ...groups.flatMap((group) =>
      renderGroup(
        group,
        shown.filter((spec) => spec.group === group),
        columns,
      ),
    ),
    '',
    ...labelled('Flags', [`${flags} · all: sotto help flags`], columns),
    ...labelled(
      'More',
      ['sotto <command> --help', `sotto help ${Object.keys(TOPICS).join('|')}`],
      columns,
    ),
  ]
}

/** The commands of one word together, then each noun with its verbs. */
function renderGroup(
  group: string,
  commands: readonly CommandSpec[],
  columns: number,
): readonly string[] {
  const single = commands.filter(({ path }) => path.length === 1).map(({ path }) => path[0] ?? '')
  const nouns = [
    ...new Set(commands.flatMap(({ path }) => (path.length > 1 ? (path[0] ?? []) : []))),
  ]
  const withVerbs = nouns.map((noun) => {
    const verbs = commands.filter(({ path }) => isVerbOf(noun, path))
    return `${noun} ${verbs.map(({ path }) => path[1]).join('|')}`
  })
  return labelled(group, joined(single.join(' '), withVerbs, columns), columns)
}

/** Words and the first noun on one line, where they have room. */
function joined(
  words: string,
  [noun, ...nouns]: readonly string[],
  columns: number,
): readonly string[] {
  if (words === '' || noun === undefined) return [words, noun ?? '', ...nouns].filter(Boolean)
  const together = `${words} · ${noun}`
  return together.length > columns - GROUP_COLUMN ? [words, noun, ...nouns] : [together, ...nouns]
}

/** Items under or beside a label, each broken where it must be and indented there. */
function labelled(label: string, items: readonly string[], columns: number): readonly string[] {
  const beside = columns >= GROUP_COLUMN_FROM
  const margin = beside ? GROUP_COLUMN : 2
  const lines = items.flatMap((item) => breakItem(item, columns - margin))
  const indented = lines.map((line) => ' '.repeat(margin) + line)
  if (!beside) return [`${label}:`, ...indented]
  const [first = '', ...rest] = indented
  return [label.padEnd(GROUP_COLUMN) + first.slice(margin), ...rest]
}

/** Breaks at spaces and after bars. */
function breakItem(item: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const part of item.split(/(?<=[| ])/)) {
    if (line !== '' && (line + part).trimEnd().length > columns) {
      lines.push(line.trimEnd())
      line = '  '
    }
    line += part
  }
  return [...lines, line.trimEnd()]
}
