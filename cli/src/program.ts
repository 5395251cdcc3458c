import { Command, CommanderError, Option, type Argument } from 'commander'
import { UsageError } from '@sotto/protocol'

import type { CommandSpec } from './commands/command.js'
import { COMMANDS, NOUNS } from './commands/table.js'
import { flagUsage, GLOBAL_FLAGS, type FlagSpec } from './flags/flag.js'

/** Flag name → values as typed; a switch that is on holds `''`. */
export type Typed = ReadonlyMap<string, readonly string[]>

export type Parsed =
  | {
      readonly kind: 'command'
      readonly spec: CommandSpec
      readonly args: readonly string[]
      /** How many of the last arguments stood behind `--`. */
      readonly literal: number
      readonly typed: Typed
      readonly globals: Typed
    }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'nothing'; readonly globals: Typed }

/** Reads a command line; throws UsageError with what was probably meant. Runs nothing. */
export function parseCommandLine(argv: readonly string[], columns: number): Parsed {
  const found: { parsed?: Parsed } = {}
  let shown = ''
  const program = buildProgram({
    columns,
    show: (text) => (shown += text),
    choose: (spec, command) => (found.parsed = readCommand(spec, command, argv)),
  })
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof NoVerb) return withoutVerb(error.command, program)
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') return { kind: 'help', text: shown }
    throw usageError(error)
  }
  return found.parsed ?? { kind: 'nothing', globals: new Map() }
}

/** The help of a command or group by its words, or of the whole program; undefined: no such one. */
export function helpOf(words: readonly string[], columns: number): string | undefined {
  let command = buildProgram({ columns, show: () => undefined, choose: () => undefined })
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word)
    if (next === undefined) return undefined
    command = next
  }
  return command.helpInformation()
}

interface BuildOptions {
  readonly columns: number
  readonly show: (text: string) => void
  readonly choose: (spec: CommandSpec, command: Command) => void
}

/** Nothing follows the program's name, or a noun. */
class NoVerb extends Error {
  readonly command: Command

  constructor(command: Command) {
    super('no verb')
    this.command = command
  }
}

class TableCommand extends Command {
  override createCommand(name?: string): Command {
    return new TableCommand(name)
  }

  // Commander calls this where a verb is missing, and only there.
  override help(): never {
    throw new NoVerb(this)
  }
}

function buildProgram({ columns, show, choose }: BuildOptions): Command {
  const program = prepare(new TableCommand('sotto'), columns, show)
    .description('End-to-end encrypted messages in the terminal, for people and their scripts.')
    .addHelpText(
      'after',
      '\nMore: sotto help exit-codes | json | recipients | environment | security',
    )
  for (const flag of GLOBAL_FLAGS) program.addOption(toOption(flag))
  for (const spec of COMMANDS) {
    const parent = parentOf(program, spec, (noun) => prepare(noun, columns, show))
    addCommand(parent, spec, (command) => prepare(command, columns, show), choose)
  }
  return program
}

function prepare(command: Command, columns: number, show: (text: string) => void): Command {
  return command
    .enablePositionalOptions()
    .helpCommand(false)
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureHelp({ subcommandTerm })
    .configureOutput({
      writeOut: show,
      writeErr: () => undefined,
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    })
}

/** `contact add|accept|list`, `history <conv>`. */
function subcommandTerm(command: Command): string {
  const verbs = command.commands.map((each) => each.name()).join('|')
  const words = command.registeredArguments.map((argument) =>
    argument.required ? `<${nameOf(argument)}>` : `[${nameOf(argument)}]`,
  )
  return [command.name(), ...(verbs === '' ? words : [verbs])].join(' ')
}

function nameOf(argument: Argument): string {
  return argument.variadic ? `${argument.name()}...` : argument.name()
}

function parentOf(
  program: Command,
  spec: CommandSpec,
  prepared: (noun: Command) => Command,
): Command {
  const [noun, verb] = spec.path
  if (noun === undefined || verb === undefined) return program
  const known = program.commands.find((each) => each.name() === noun)
  if (known !== undefined) return known
  const parent = prepared(program.command(noun))
    .summary(NOUNS[noun] ?? '')
    .description(NOUNS[noun] ?? '')
    .helpGroup(`${spec.group}:`)
  for (const flag of GLOBAL_FLAGS) parent.addOption(toOption(flag).hideHelp())
  return parent
}

function addCommand(
  parent: Command,
  spec: CommandSpec,
  prepared: (command: Command) => Command,
  choose: BuildOptions['choose'],
): void {
  const command = prepared(parent.command(spec.path.at(-1) ?? ''))
    .summary(spec.summary)
    .description([`${spec.summary}.`, ...spec.details].join('\n\n'))
    .addHelpText('after', helpTail(spec))
    .action(() => choose(spec, command))
  if (spec.path.length === 1) command.helpGroup(`${spec.group}:`)
  for (const argument of spec.arguments) {
    // A second variadic cannot be; the text is split off the recipients afterwards.
    if (!isSplitText(spec, argument.usage)) command.argument(argument.usage, argument.summary)
  }
  if (spec.arguments.some(({ usage }) => isSplitText(spec, usage))) {
    command.usage('[options] <to...> [text | -]')
  }
  command.addOption(toOption(jsonFlag(spec)))
  for (const flag of spec.flags) command.addOption(toOption(flag))
  const own = new Set(['json', ...spec.flags.map((flag) => flag.name)])
  for (const flag of GLOBAL_FLAGS.filter(({ name }) => !own.has(name))) {
    command.addOption(toOption(flag).hideHelp())
  }
}

function isSplitText(spec: CommandSpec, usage: string): boolean {
  return usage === '[text]' && spec.arguments.length > 1
}

/** First in every help, because people look for it (docs/CLI.md, "JSON"). */
function jsonFlag(spec: CommandSpec): FlagSpec {
  const what =
    spec.object === undefined
      ? 'print errors as JSON'
      : spec.object.many
        ? `print JSON, one ${spec.object.schema} object a line`
        : `print the ${spec.object.schema} object as JSON`
  return { name: 'json', summary: what }
}

function helpTail(spec: CommandSpec): string {
  const examples = spec.examples.map((example) => `  ${example}`)
  return [
    ...(examples.length === 0 ? [] : ['', 'Examples:', ...examples]),
    '',
    'Flags for every command: sotto --help',
  ].join('\n')
}

function toOption(flag: FlagSpec): Option {
  const option = new Option(flagUsage(flag), flag.summary)
  if (flag.repeat === true) {
    option.argParser((value: string, previous: readonly string[] | undefined) => [
      ...(previous ?? []),
      value,
    ])
  }
  return option
}

function readCommand(spec: CommandSpec, command: Command, argv: readonly string[]): Parsed {
  const dashes = argv.indexOf('--')
  return {
    kind: 'command',
    spec,
    args: command.args,
    literal: dashes < 0 ? 0 : argv.length - dashes - 1,
    typed: readTyped(command, spec.flags),
    globals: readGlobals(command, spec.flags),
  }
}

/** Global flags may stand before or after the noun and the verb; the last place wins. */
function readGlobals(command: Command, own: readonly FlagSpec[]): Typed {
  const owned = new Set(own.map(({ name }) => name))
  const flags = GLOBAL_FLAGS.filter(({ name }) => !owned.has(name))
  const above =
    command.parent === null ? new Map<string, readonly string[]>() : readGlobals(command.parent, [])
  return new Map([...above, ...readTyped(command, flags)])
}

function readTyped(command: Command, flags: readonly FlagSpec[]): Typed {
  const typed = new Map<string, readonly string[]>()
  for (const flag of flags) {
    const key = toOption(flag).attributeName()
    if (command.getOptionValueSource(key) !== 'cli') continue
    const value: unknown = command.getOptionValue(key)
    if (Array.isArray(value)) typed.set(flag.name, value.map(String))
    else typed.set(flag.name, [typeof value === 'string' ? value : ''])
  }
  return typed
}

function withoutVerb(command: Command, program: Command): Parsed {
  if (command === program) return { kind: 'nothing', globals: readGlobals(program, []) }
  const verbs = command.commands.map((each) => each.name())
  throw new UsageError('usage/invalid', `${command.name()} needs a verb`, {
    fix: verbs.map((verb) => `sotto ${command.name()} ${verb}`).join('\n'),
  })
}

function usageError(error: CommanderError): UsageError {
  const [first = '', ...rest] = error.message.split('\n')
  const hints = rest.map((line) => line.replace(/^\((.*)\)$/, '$1'))
  if (error.code === 'commander.unknownOption' && hints.length === 0) {
    hints.push('Put -- before a text that begins with a dash.')
  }
  return new UsageError('usage/invalid', first.replace(/^error: /, ''), {
    fix: [...hints, 'See: sotto --help'].join('\n'),
  })
}
