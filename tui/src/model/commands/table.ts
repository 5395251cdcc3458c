import { appCommands } from './app.js'
import { chatCommands } from './chat.js'
import type { Command } from './command.js'
import { composerCommands } from './composer.js'
import { conversationCommands } from './conversation.js'
import { editCommands } from './edit.js'
import { overlayCommands } from './overlay.js'

/** Everything that keys, slash commands, the palette and menus can have done. */
const TABLE = {
  ...appCommands,
  ...chatCommands,
  ...composerCommands,
  ...conversationCommands,
  ...editCommands,
  ...overlayCommands,
}

export type CommandName = keyof typeof TABLE

export const COMMANDS: Readonly<Record<CommandName, Command>> = TABLE
/** Keys of an editor are known without words. */
export type NamedCommand = Exclude<CommandName, `edit.${string}`>
const COMMAND_NAMES = Object.keys(TABLE) as readonly CommandName[]
export const NAMED_COMMANDS: readonly NamedCommand[] = COMMAND_NAMES.filter(isNamed)

function isNamed(name: CommandName): name is NamedCommand {
  return !name.startsWith('edit.')
}

/** The command that is typed so, without its slash. */
export function commandOfSlash(word: string): CommandName | undefined {
  return COMMAND_NAMES.find((name) => COMMANDS[name].slash === word)
}
