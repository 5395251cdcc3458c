import { appCommands } from './app.js'
import { changeCommands } from './change.js'
import { chatCommands } from './chat.js'
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
import type { CommandTable } from '../surface.js'

/** Everything that keys, slash commands, the palette and menus can have done. */
export const COMMANDS: CommandTable = {
  ...appCommands,
  ...chatCommands,
  ...completionCommands,
  ...composerCommands,
  ...conversationCommands,
  ...editCommands,
  ...meetingCommands,
  ...messageCommands,
  ...changeCommands,
  ...overlayCommands,
  ...settingCommands,
  ...peopleCommands,
  ...searchCommands,
  ...unsentCommands,
}
