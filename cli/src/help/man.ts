import type { CommandSpec } from '../commands/command.js'
import { environmentName, flagUsage, GLOBAL_FLAGS, type FlagSpec } from '../flags/flag.js'
import { VERSION } from '../version.js'
import { EXITS } from './exits.js'
import { jsonFlagOf, usageOf, type HelpSource } from './render.js'
import { TOPICS } from './topics.js'

/** File name → the page, in roff's man macros (groff_man(7)). */
export type ManPages = Readonly<Record<string, string>>

const WHEN_SEVERAL = 'When several apply: 81, then 80, then 79.'

/** `sotto.1`, and a page for every command of one word and every noun. */
export function renderManPages({ commands, nouns }: HelpSource): ManPages {
  const shown = commands.filter(({ hidden }) => hidden !== true)
  const words = [...new Set(shown.map(({ path }) => path[0] ?? ''))]
  const pages = words.map((word): [string, string] => {
    const own = shown.filter(({ path }) => path[0] === word)
    return [`sotto-${word}.1`, wordPage(word, nouns[word] ?? own[0]?.summary ?? '', own)]
  })
  return { 'sotto.1': overviewPage(shown, words), ...Object.fromEntries(pages) }
}

/** The page of a program that tells all of itself in its help. */
export function renderHelpAsMan(name: string, summary: string, help: string): string {
  return page(name, summary, [heading('Synopsis and options'), preformatted(help)])
}

function overviewPage(commands: readonly CommandSpec[], words: readonly string[]): string {
  return page('sotto', 'end-to-end encrypted messages in the terminal', [
    heading('Synopsis'),
    text('sotto <command> [arguments] [flags]'),
    heading('Commands'),
    ...commands.map((spec) => tagged(usageOf(spec), spec.summary)),
    heading('Flags for every command'),
    ...GLOBAL_FLAGS.map((flag) => flagEntry(flag, [])),
    ...exitSection(Object.keys(EXITS).map(Number)),
    '.PP',
    text(WHEN_SEVERAL),
    ...Object.entries(TOPICS)
      .filter(([topic]) => topic !== 'exit-codes' && topic !== 'flags')
      .flatMap(([topic, words]) => [heading(topic), preformatted(words)]),
    seeAlso([...words.map((word) => `sotto-${word}`), 'sotto-relay']),
  ])
}

function wordPage(word: string, summary: string, commands: readonly CommandSpec[]): string {
  const exits = [...new Set([0, 64, ...commands.flatMap((each) => each.exits)])]
  return page(`sotto-${word}`, summary, [
    heading('Synopsis'),
    ...commands.flatMap((spec, index) => [
      ...(index === 0 ? [] : ['.br']),
      text(`${usageOf(spec)} [flags]`),
    ]),
    ...commands.flatMap((spec) => commandSection(spec, commands.length > 1)),
    ...exitSection(exits.sort((a, b) => a - b)),
    seeAlso(['sotto']),
  ])
}

function commandSection(spec: CommandSpec, isOneOfSeveral: boolean): readonly string[] {
  const { path, summary, details, examples, object } = spec
  return [
    heading(isOneOfSeveral ? path.join(' ') : 'Description'),
    text(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    preformatted(examples.join('\n')),
    ...spec.arguments.map((argument) => tagged(argument.usage, argument.summary)),
    ...[jsonFlagOf(spec), ...spec.flags].map((flag) => flagEntry(flag, path)),
    ...details.flatMap((paragraph) => ['.PP', text(paragraph)]),
    ...(object === undefined ? [] : ['.PP', text(`The object: sotto schema ${object.schema}`)]),
  ]
}

function flagEntry(flag: FlagSpec, path: readonly string[]): string {
  const variable = environmentName(flag, flag.name === 'json' ? [] : path)
  return tagged(flagUsage(flag), `${flag.summary} (${variable})`)
}

function exitSection(codes: readonly number[]): readonly string[] {
  return [heading('Exit status'), ...codes.map((code) => tagged(String(code), EXITS[code] ?? ''))]
}

function seeAlso(pages: readonly string[]): string {
  const references = pages.map((name, index) => {
    const comma = index === pages.length - 1 ? '' : ','
    return `.BR ${escaped(name)} (1)${comma}`
  })
  return [heading('See also'), ...references].join('\n')
}

function page(name: string, summary: string, body: readonly string[]): string {
  return [
    `.\\" Made from the command table by: npm run docs`,
    `.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1 "" "sotto ${VERSION}" "sotto"`,
    heading('Name'),
    `${escaped(name)} \\- ${escaped(summary)}`,
    ...body,
    '',
  ].join('\n')
}

function heading(title: string): string {
  return `.SH ${escaped(title.toUpperCase())}`
}

function tagged(tag: string, meaning: string): string {
  return `.TP\n.B ${text(tag)}\n${text(meaning)}`
}

function preformatted(lines: string): string {
  const escapedLines = lines.trimEnd().split('\n').map(text)
  return ['.RS 2', '.nf', ...escapedLines, '.fi', '.RE'].join('\n')
}

/** A line of text that begins no request. */
function text(line: string): string {
  const safe = escaped(line)
  if (safe === '') return '\\&'
  return /^[.']/.test(safe) ? `\\&${safe}` : safe
}

/** Backslashes, and dashes and quotes that are meant as they are typed (groff_char(7)). */
function escaped(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
}
