import { CommanderError, type Command } from 'commander'

import { buildProgram, MisreadError, toOption } from './build-program.js'
import type { Command as CommandRow } from './commands/command.js'
import { GLOBAL_FLAGS, type FlagSpec } from './flags/flag.js'

/** Flag name → values as typed; a switch that is on holds `''`. */
export type Typed = ReadonlyMap<string, readonly string[]>

export type Parsed =
  | {
      readonly kind: 'command'
      readonly spec: CommandRow
      readonly args: readonly string[]
      /** How many of the last arguments stood behind `--`. */
      readonly literal: number
      readonly typed: Typed
      readonly globals: Typed
    }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'nothing'; readonly globals: Typed }

export interface ReadOptions {
  /** The rows of the command table that may be named. */
  readonly commands: readonly CommandRow[]
  /** The help of a command or noun by its words. */
  readonly help: (words: readonly string[]) => string
  /** Throws what is said of a line that could not be read. */
  readonly refuse: (error: CommanderError | MisreadError, program: Command) => never
}

/** How commander ends after --help and --version. */
const SHOWN: ReadonlySet<string> = new Set(['commander.helpDisplayed', 'commander.version'])

/** Reads a command line with commander. Runs nothing. */
export function readLine(argv: readonly string[], { commands, help, refuse }: ReadOptions): Parsed {
  const found: { parsed?: Parsed; help: string } = { help: '' }
  const program = buildProgram({
    commands,
    help,
    words: argv,
    show: (text) => (found.help += text),
    choose: (spec, command) => (found.parsed = readCommand(spec, command, argv)),
  })
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof MisreadError)
      return namesNone(error, program) ? nothing(program) : refuse(error, program)
    if (!(error instanceof CommanderError)) throw error
    if (SHOWN.has(error.code)) return { kind: 'help', text: found.help }
    return refuse(error, program)
  }
  return found.parsed ?? nothing(program)
}

function namesNone({ command, misread }: MisreadError, program: Command): boolean {
  return misread.kind === 'no-verb' && command === program
}

function nothing(program: Command): Parsed {
  return { kind: 'nothing', globals: readGlobals(program, []) }
}

function readCommand(spec: CommandRow, command: Command, argv: readonly string[]): Parsed {
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
export function readGlobals(command: Command, own: readonly FlagSpec[]): Typed {
  const owned = new Set(own.map(({ name }) => name))
  const flags = GLOBAL_FLAGS.filter(({ name }) => !owned.has(name))
  const above: Typed = command.parent === null ? new Map() : readGlobals(command.parent, [])
  return new Map([...above, ...readTyped(command, flags)])
}

function readTyped(command: Command, flags: readonly FlagSpec[]): Typed {
  const typed = new Map<string, readonly string[]>()
  for (const flag of flags) {
    const option = toOption(flag)
    const key = option.attributeName()
    if (command.getOptionValueSource(key) !== 'cli') continue
    const value: unknown = command.getOptionValue(key)
    // `--username` and `--no-username` have one value in commander: the one that came last.
    if (option.negate !== (value === false)) continue
    if (Array.isArray(value)) typed.set(flag.name, value.map(String))
    else typed.set(flag.name, [typeof value === 'string' ? value : ''])
  }
  return typed
}
