import type { CommandName, CommandTable, NamedCommand } from './table.js'

/** All that have words, in the order of the table. */
export function namedCommands(commands: CommandTable): readonly NamedCommand[] {
  return namesOf(commands).filter((name) => !name.startsWith('edit.')) as readonly NamedCommand[]
}

/** The command that is typed so, without its slash. */
export function commandOfSlash(commands: CommandTable, word: string): CommandName | undefined {
  return namesOf(commands).find((name) => commands[name].slash === word)
}

export type IsNamed = (name: string) => name is NamedCommand

/** Whether there is a command of this name that has words. */
export function isNamedIn(commands: CommandTable): IsNamed {
  return (name): name is NamedCommand => Object.hasOwn(commands, name) && !isOfEditor(name)
}

/** Keys of an editor are known without words. */
export function isOfEditor(name: string): name is `edit.${string}` {
  return name.startsWith('edit.')
}

function namesOf(commands: CommandTable): readonly CommandName[] {
  return Object.keys(commands) as CommandName[]
}
