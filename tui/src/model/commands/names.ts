import type { NamedCommand } from '../../words/commands-en.js'
import { isOfEditor, type CommandName, type IsNamed } from '../command-name.js'
import type { CommandTable } from '../surface.js'

/** All that have words, in the order of the table. */
export function namedCommands(commands: CommandTable): readonly NamedCommand[] {
  return namesOf(commands).filter((name) => !name.startsWith('edit.')) as readonly NamedCommand[]
}

/** The command that is typed so, without its slash. */
export function commandOfSlash(commands: CommandTable, word: string): CommandName | undefined {
  return namesOf(commands).find((name) => commands[name].slash === word)
}

/** Whether there is a command of this name that has words. */
export function isNamedIn(commands: CommandTable): IsNamed {
  return (name): name is NamedCommand => Object.hasOwn(commands, name) && !isOfEditor(name)
}

function namesOf(commands: CommandTable): readonly CommandName[] {
  return Object.keys(commands) as CommandName[]
}
