import { appCommands } from './app.js'
import { chatCommands } from './chat.js'
import type { Command } from './command.js'
import { completionCommands } from './completion.js'
import { composerCommands } from './composer.js'
import { conversationCommands } from './conversation.js'
import { editCommands } from './edit.js'
import { meetingCommands } from './meeting.js'
import { messageCommands } from './message.js'
import { overlayCommands } from './overlay.js'
import { searchCommands } from './search.js'
import { settingCommands } from './settings.js'
import { peopleCommands } from './people.js'
import { unsentCommands } from './unsent.js'

/** Everything that keys, slash commands, the palette and menus can have done. */
const TABLE = {
  ...appCommands,
  ...chatCommands,
  ...completionCommands,
  ...composerCommands,
  ...conversationCommands,
  ...editCommands,
  ...meetingCommands,
  ...messageCommands,
  ...overlayCommands,
  ...settingCommands,
  ...peopleCommands,
  ...searchCommands,
  ...unsentCommands,
}

export type CommandName = keyof typeof TABLE
/** Keys of an editor are known without words. */
export type NamedCommand = Exclude<CommandName, `edit.${string}`>
export type CommandTable = Readonly<Record<CommandName, Command>>

export const COMMANDS: CommandTable = TABLE
