import type { Command } from './commands/command.js'
import { command as complete } from './commands/complete.js'
import { command as send } from './commands/send.js'
import { readLine, type Parsed } from './read-line.js'

/**
 * Commands that programs and shells start by the thousand, and that a process which owns the account
 * answers within milliseconds: they are read without loading the rest of the command table.
 */
const QUICK: readonly Command[] = [send, complete]

/**
 * What a command line means that names one of them, or no command at all, and has no mistake.
 * Undefined for every other: that takes all of the table to read, and to tell what was meant.
 */
export function readQuickly(argv: readonly string[]): Parsed | undefined {
  const mayNameNone = argv[0]?.startsWith('-') !== false
  const mayNameQuick = QUICK.some(({ path: [name = ''] }) => argv.includes(name))
  if (!mayNameNone && !mayNameQuick) return undefined
  const parsed = readLine(argv, { commands: QUICK, help: () => '', refuse: () => undefined })
  return parsed?.kind === 'help' ? undefined : parsed
}
