import { CommanderError, type Command } from 'commander'
import { UsageError } from '@sotto/protocol'

import { buildProgram, NoVerb, toOption } from './build-program.js'
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
    if (error instanceof NoVerb) return withoutVerb(error.command, program)
    if (!(error instanceof CommanderError)) throw error
    if (SHOWN.has(error.code)) return { kind: 'help', text: found.help }
    throw usageError(error)
  }
  return found.parsed ?? { kind: 'nothing', globals: readGlobals(program, []) }
}

/** The help of a command or group by its words, or of the whole program; undefined: no such one. */
export function helpOf(words: readonly string[], columns: number): string | undefined {
  let command = buildProgram({ columns, words, show: () => undefined, choose: () => undefined })
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word)
    if (next === undefined) return undefined
    command = next
  }
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp()
  return text
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
