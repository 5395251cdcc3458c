import type { SettingName } from '../setting-names.js'
import { openSettings, setOrShow, setOwnKeys } from '../setting.js'
import { step } from '../step.js'
import type { Command } from '../surface.js'
import { toast } from '../toasts.js'

function setting(name: SettingName, slash: string): Command {
  return { slash, run: (state, { args, surface }) => setOrShow(state, name, args, surface) }
}

export const settingCommands = {
  'settings.open': {
    slash: 'settings',
    run: (state) => openSettings(state, undefined),
  },
  'settings.receipts': setting('receipts', 'receipts'),
  'settings.typing': setting('typing', 'typing'),
  'settings.notify': setting('notify', 'notify'),
  'settings.notify-by': setting('notify-by', 'notify-by'),
  'settings.quiet-hours': setting('quiet-hours', 'dnd'),
  'settings.theme': setting('theme', 'theme'),
  'settings.keys': setting('keys', 'keys'),
  'settings.reset-keys': {
    slash: 'reset-keys',
    isEnabled: ({ settings }) => settings.ownKeys.length > 0,
    run: (state, { surface }) => {
      const { state: set, effects } = setOwnKeys(state, [])
      return step(toast(set, surface.words.screen.help.allAsBefore, 'good'), ...effects)
    },
  },
} satisfies Record<string, Command>
