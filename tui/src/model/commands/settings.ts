import { withOverlay } from '../editing.js'
import { setOrShow } from '../setting.js'
import type { SettingName } from '../settings.js'
import { step } from '../step.js'
import type { Command } from './command.js'

function setting(name: SettingName, slash: string): Command {
  return { slash, run: (state, { args, surface }) => setOrShow(state, name, args, surface) }
}

export const settingCommands = {
  'settings.open': {
    slash: 'settings',
    run: (state) => step(withOverlay(state, { kind: 'settings', index: 0 })),
  },
  'settings.notify': setting('notify', 'notify'),
  'settings.quiet-hours': setting('quiet-hours', 'dnd'),
  'settings.theme': setting('theme', 'theme'),
  'settings.keys': setting('keys', 'keys'),
} satisfies Record<string, Command>
