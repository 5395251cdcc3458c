import { CommanderError, type Command } from 'commander'
import { UsageError } from '@sotto/protocol'

import { buildProgram, MisreadError, pathOf, toOption } from './build-program.js'
import type { Command as CommandRow } from './commands/command.js'
import { COMMANDS, NOUNS } from './commands/table.js'
import { GLOBAL_FLAGS, type FlagSpec } from './flags/flag.js'
import { hintOfCommand, hintOfFlag } from './help/hints.js'
import { definitions } from './help/layout.js'
import { renderHelp, usageOf } from './help/render.js'

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

/** How wide a list below an error may be. */
const COLUMNS_OF_FIX = 100

/** How commander ends after --help and --version. */
const SHOWN: ReadonlySet<string> = new Set(['commander.helpDisplayed', 'commander.version'])

/** Reads a command line; throws UsageError with what was probably meant. Runs nothing. */
export function parseCommandLine(argv: readonly string[], columns: number): Parsed {
  const found: { parsed?: Parsed; help: string } = { help: '' }
  const program = buildProgram({
    columns,
    words: argv,
    show: (text) => (found.help += text),
    choose: (spec, command) => (found.parsed = readCommand(spec, command, argv)),
  })
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof MisreadError) return nothingOrError(error, program)
    if (!(error instanceof CommanderError)) throw error
    if (SHOWN.has(error.code)) return { kind: 'help', text: found.help }
    throw usageError(error, program)
  }
  return found.parsed ?? { kind: 'nothing', globals: readGlobals(program, []) }
}

/** The help of a command or noun by its words, or of the whole program; undefined: no such one. */
export function helpOf(words: readonly string[], columns: number): string | undefined {
  return renderHelp({ commands: COMMANDS, nouns: NOUNS }, words, columns)
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
function readGlobals(command: Command, own: readonly FlagSpec[]): Typed {
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

function nothingOrError({ command, misread }: MisreadError, program: Command): Parsed {
  const path = pathOf(command)
  switch (misread.kind) {
    case 'no-verb':
      if (command === program) return { kind: 'nothing', globals: readGlobals(program, []) }
      throw withoutVerb(command.name())
    case 'unknown-command':
      throw unknownCommand(misread.word, path[0])
    case 'unknown-flag':
      throw unknownFlag(misread.flag, path)
  }
}

function withoutVerb(noun: string): UsageError {
  const verbs = COMMANDS.filter(({ path, hidden }) => path[0] === noun && hidden !== true)
  const rows = verbs.map((spec): [string, string] => [usageOf(spec), spec.summary])
  return new UsageError('usage/invalid', `sotto ${noun} needs a verb`, {
    fix: definitions(rows, COLUMNS_OF_FIX)
      .map((line) => line.slice(2))
      .join('\n'),
  })
}

function unknownCommand(word: string, noun: string | undefined): UsageError {
  const typed = ['sotto', ...(noun === undefined ? [] : [noun]), word].join(' ')
  return new UsageError('usage/invalid', `no such command: ${typed}`, {
    fix: [...hintOfCommand(word, COMMANDS, noun), 'All commands: sotto --help'].join('\n'),
  })
}

function unknownFlag(flag: string, path: readonly string[]): UsageError {
  const spec = COMMANDS.find((each) => each.path.join(' ') === path.join(' '))
  const words = ['sotto', ...path].join(' ')
  return new UsageError('usage/invalid', `${words} has no flag ${flag}`, {
    fix: [...hintOfFlag(flag, spec, COMMANDS), `See: ${words} --help`].join('\n'),
  })
}

/** What commander itself says: arguments missing or too many, a flag without its value. */
function usageError(error: CommanderError, program: Command): UsageError {
  const [first = ''] = error.message.split('\n')
  const words = pathOf(innermost(program)).join(' ')
  const example = COMMANDS.find(({ path }) => path.join(' ') === words)?.examples[0]
  return new UsageError('usage/invalid', first.replace(/^error: /, ''), {
    fix: [
      ...(example === undefined ? [] : [`As in: ${example}`]),
      `See: sotto ${words} --help`,
    ].join('\n'),
  })
}

/** The command that was being read. */
function innermost(command: Command): Command {
  const next = command.commands.find((each) => each.name() === command.args[0])
  return next === undefined ? command : innermost(next)
}
