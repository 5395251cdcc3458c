import type { Command } from './commands/command.js'
import { command as complete } from './commands/complete.js'
import { command as send } from './commands/send.js'
import type { Parsed } from './read-line.js'
import { readPlainly } from './read-plainly.js'

/**
 * Commands that programs and shells start by the thousand, and that a process which owns the account
 * answers within milliseconds: they are read without loading the rest of the command table.
 */
const QUICK: readonly Command[] = [send, complete]

/**
 * What a command line means that names one of them, or no command at all, in whole words and without
 * a mistake. Undefined for every other: that takes all of the table and commander to read, and to tell
 * what was meant.
 */
export function readQuickly(argv: readonly string[]): Parsed | undefined {
  return readPlainly(argv, QUICK)
}
