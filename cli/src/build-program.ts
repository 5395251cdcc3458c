import { Command, Option } from 'commander'

import { readArguments, type Command as CommandRow } from './commands/command.js'
import { flagUsage, GLOBAL_FLAGS, type FlagSpec } from './flags/flag.js'
import { VERSION } from './version.js'

export interface BuildOptions {
  /** The rows of the command table that may be named. */
  readonly commands: readonly CommandRow[]
  /** The help of a command or noun by its words. */
  readonly help: (words: readonly string[]) => string
  /** Commands whose name is not among these words get no flags: only their row is read. */
  readonly words: readonly string[]
  /** Gets the help that was asked for. */
  readonly show: (text: string) => void
  /** Gets the command that was named, parsed. */
  readonly choose: (spec: CommandRow, command: Command) => void
}

/** What commander could not read, before it is told in our own words. */
export type Misread =
  | { readonly kind: 'no-verb' }
  | { readonly kind: 'unknown-command'; readonly word: string }
  | { readonly kind: 'unknown-flag'; readonly flag: string }

export class MisreadError extends Error {
  readonly command: Command
  readonly misread: Misread

  constructor(command: Command, misread: Misread) {
    super(misread.kind)
    this.command = command
    this.misread = misread
  }
}

/** The command table as commander understands it: it parses, and the help is our own. */
export function buildProgram(options: BuildOptions): Command {
  const program = prepare(new TableCommand('sotto'), options).version(
    `sotto ${VERSION}`,
    '--version',
  )
  for (const flag of GLOBAL_FLAGS) program.addOption(toOption(flag))
  for (const spec of options.commands) addCommand(parentOf(program, spec, options), spec, options)
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

/** The words that lead to a command: none for the program, a noun, a noun and a verb. */
export function pathOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()]
}

class TableCommand extends Command {
  page: BuildOptions['help'] = () => ''

  override createCommand(name?: string): Command {
    return new TableCommand(name)
  }

  // Commander calls this where a verb is missing, and only there.
  override help(): never {
    throw new MisreadError(this, { kind: 'no-verb' })
  }

  /** Commander's own, not in its types. */
  unknownCommand(): never {
    throw new MisreadError(this, { kind: 'unknown-command', word: this.args[0] ?? '' })
  }

  /** Commander's own, not in its types. */
  unknownOption(flag: string): never {
    throw new MisreadError(this, { kind: 'unknown-flag', flag })
  }

  override helpInformation(): string {
    const [word] = this.args
    // Help on what does not exist would be the help of something else.
    if (word?.startsWith('-') === false && this.commands.length > 0) this.unknownCommand()
    return this.page(pathOf(this))
  }
}

function prepare(command: Command, { help, show }: BuildOptions): Command {
  if (command instanceof TableCommand) command.page = help
  return command
    .enablePositionalOptions()
    .helpCommand(false)
    .helpOption('-h, --help')
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: show, writeErr: () => undefined })
}

function parentOf(program: Command, spec: CommandRow, options: BuildOptions): Command {
  const [noun, verb] = spec.path
  if (noun === undefined || verb === undefined) return program
  const known = program.commands.find((each) => each.name() === noun)
  if (known !== undefined) return known
  const parent = prepare(program.command(noun), options)
  if (options.words.includes(noun)) addFlags(parent, GLOBAL_FLAGS)
  return parent
}

function addCommand(parent: Command, spec: CommandRow, options: BuildOptions): void {
  const name = spec.path.at(-1) ?? ''
  const command = prepare(parent.command(name), options)
  for (const { usage } of readArguments(spec)) command.argument(usage)
  if (!options.words.includes(name)) return
  command.action(() => options.choose(spec, command))
  addFlags(command, spec.flags)
  const own = new Set(spec.flags.map((flag) => flag.name))
  addFlags(
    command,
    GLOBAL_FLAGS.filter((flag) => !own.has(flag.name)),
  )
}

function addFlags(command: Command, flags: readonly FlagSpec[]): void {
  for (const flag of flags) command.addOption(toOption(flag))
}
