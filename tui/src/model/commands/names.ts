import type { CommandName, CommandTable, NamedCommand } from './table.js'

/** All that have words, in the order of the table. */
export function namedCommands(commands: CommandTable): readonly NamedCommand[] {
  return namesOf(commands).filter((name) => !name.startsWith('edit.')) as readonly NamedCommand[]
}

/** The command that is typed so, without its slash. */
export function commandOfSlash(commands: CommandTable, word: string): CommandName | undefined {
  return namesOf(commands).find((name) => commands[name].slash === word)
}

function namesOf(commands: CommandTable): readonly CommandName[] {
  return Object.keys(commands) as CommandName[]
}
