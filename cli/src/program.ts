import type { Command, CommanderError } from 'commander'
import { UsageError } from '@sotto/protocol'

import { MisreadError, pathOf } from './build-program.js'
import type { Manual } from './commands/command.js'
import { COMMANDS, NOUNS } from './commands/table.js'
import { hintOfCommand, hintOfFlag } from './help/hints.js'
import { definitions } from './help/layout.js'
import { renderHelp, usageOf } from './help/render.js'
import { readLine, type Parsed } from './read-line.js'

export { SHORT_HELP } from './help/topics.js'

/** How wide a list below an error may be. */
const COLUMNS_OF_FIX = 100

/** Reads a command line; throws UsageError with what was probably meant. Runs nothing. */
export function parseCommandLine(argv: readonly string[], columns: number): Parsed {
  return readLine(argv, {
    commands: COMMANDS,
    help: (words) => helpOf(words, columns) ?? '',
    refuse: (error, program) => {
      throw error instanceof MisreadError ? misreadError(error) : usageError(error, program)
    },
  })
}

/** The help of a command or noun by its words, or of the whole program; undefined: no such one. */
export function helpOf(words: readonly string[], columns: number): string | undefined {
  return renderHelp({ commands: COMMANDS, nouns: NOUNS }, words, columns)
}

/** All of the command table, for those that tell of it. */
export const MANUAL: Manual = { commands: COMMANDS, nouns: NOUNS, helpOf }

function misreadError({ command, misread }: MisreadError): UsageError {
  const path = pathOf(command)
  switch (misread.kind) {
    case 'no-verb':
      return withoutVerb(command.name())
    case 'unknown-command':
      return unknownCommand(misread.word, path[0])
    case 'unknown-flag':
      return unknownFlag(misread.flag, path)
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
