import { Command, Option, type Argument } from 'commander'

import type { Command as CommandRow } from './commands/command.js'
import { COMMANDS, NOUNS } from './commands/table.js'
import { flagUsage, GLOBAL_FLAGS, type FlagSpec } from './flags/flag.js'
import { VERSION } from './version.js'

export interface BuildOptions {
  readonly columns: number
  /** Commands whose name is not among these words get no flags: only their row is read. */
  readonly words: readonly string[]
  /** Gets the help that was asked for. */
  readonly show: (text: string) => void
  /** Gets the command that was named, parsed. */
  readonly choose: (spec: CommandRow, command: Command) => void
}

/** Nothing follows the program's name, or a noun. */
export class NoVerb extends Error {
  readonly command: Command

  constructor(command: Command) {
    super('no verb')
    this.command = command
  }
}

/** The command table as commander understands it. */
export function buildProgram(options: BuildOptions): Command {
  const program = prepare(new TableCommand('sotto'), options)
    .version(`sotto ${VERSION}`, '--version', 'print the version')
    .description('End-to-end encrypted messages in the terminal, for people and their scripts.')
    .addHelpText(
      'after',
      '\nMore: sotto help exit-codes | json | recipients | environment | security',
    )
  for (const flag of GLOBAL_FLAGS) program.addOption(toOption(flag))
  for (const spec of COMMANDS) addCommand(parentOf(program, spec, options), spec, options)
  return program
}

export function toOption(flag: FlagSpec): Option {
  const option = new Option(flagUsage(flag), flag.summary)
  if (flag.repeat === true) {
    option.argParser((value: string, previous: readonly string[] | undefined) => [
      ...(previous ?? []),
      value,
    ])
  }
  return option
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

function prepare(command: Command, { columns, show }: BuildOptions): Command {
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
  const words = command.registeredArguments.map(argumentTerm)
  return [command.name(), ...(verbs === '' ? words : [verbs])].join(' ')
}

function argumentTerm(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name()
  return argument.required ? `<${name}>` : `[${name}]`
}

function parentOf(program: Command, spec: CommandRow, options: BuildOptions): Command {
  const [noun, verb] = spec.path
  if (noun === undefined || verb === undefined) return program
  const known = program.commands.find((each) => each.name() === noun)
  if (known !== undefined) return known
  const parent = prepare(program.command(noun), options)
    .summary(NOUNS[noun] ?? '')
    .description(NOUNS[noun] ?? '')
    .helpGroup(`${spec.group}:`)
  if (options.words.includes(noun)) addHidden(parent, GLOBAL_FLAGS)
  return parent
}

function addCommand(parent: Command, spec: CommandRow, options: BuildOptions): void {
  const name = spec.path.at(-1) ?? ''
  const command = prepare(parent.command(name), options).summary(spec.summary)
  if (spec.path.length === 1) command.helpGroup(`${spec.group}:`)
  for (const { usage, summary } of spec.arguments) {
    // A second variadic cannot be; the text is split off the recipients afterwards.
    if (!isSplitText(spec, usage)) command.argument(usage, summary)
  }
  if (options.words.includes(name)) addDetails(command, spec, options)
}

function addDetails(command: Command, spec: CommandRow, { choose }: BuildOptions): void {
  command
    .description([`${spec.summary}.`, ...spec.details].join('\n\n'))
    .addHelpText('after', helpTail(spec))
    .action(() => choose(spec, command))
  if (spec.arguments.some(({ usage }) => isSplitText(spec, usage))) {
    command.usage('[options] <to...> [text | -]')
  }
  command.addOption(toOption(jsonFlag(spec)))
  for (const flag of spec.flags) command.addOption(toOption(flag))
  const own = new Set(['json', ...spec.flags.map((flag) => flag.name)])
  addHidden(
    command,
    GLOBAL_FLAGS.filter(({ name }) => !own.has(name)),
  )
}

function addHidden(command: Command, flags: readonly FlagSpec[]): void {
  for (const flag of flags) command.addOption(toOption(flag).hideHelp())
}

function isSplitText(spec: CommandRow, usage: string): boolean {
  return usage === '[text]' && spec.arguments.length > 1
}

/** First in every help, because people look for it. */
function jsonFlag({ object }: CommandRow): FlagSpec {
  return { name: 'json', summary: jsonSummary(object) }
}

function jsonSummary(object: CommandRow['object']): string {
  if (object === undefined) return 'print errors as JSON'
  return object.many
    ? `print JSON, one ${object.schema} object a line`
    : `print the ${object.schema} object as JSON`
}

function helpTail({ examples }: CommandRow): string {
  const lines =
    examples.length === 0 ? [] : ['Examples:', ...examples.map((each) => `  ${each}`), '']
  return ['', ...lines, 'Flags for every command: sotto --help'].join('\n')
}
