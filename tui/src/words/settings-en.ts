import type { SettingsWords } from './settings-words.js'

export const SETTINGS_ENGLISH: SettingsWords = {
  title: 'Settings',
  hint: 'Up Down choose  Left Right change  Esc close',
  sections: { privacy: 'Privacy', notifications: 'Notifications', screen: 'This screen' },
  names: {
    receipts: 'Read receipts',
    typing: 'Who is typing',
    notify: 'Notifications tell',
    'notify-by': 'Notifications by',
    bell: 'Bell',
    reactions: 'Reactions',
    'quiet-hours': 'Do not disturb',
    'lock-after': 'Lock when idle',
    theme: 'Theme',
    colors: 'Colours',
    keys: 'Keys',
  },
  means: (key) => ({
    receipts:
      'Whether the people you talk to learn that you have read what they wrote. Off, you do not learn it of them either. That a message has reached your device is told in any case. It holds for the account, on every screen.',
    typing:
      'Whether the people you talk to see that you are typing to them. Off, you do not see it of them either. It is sealed like everything else, and kept by nobody. It holds for the account, on every screen.',
    notify:
      'What your terminal shows of a message that you do not see anyway: who and what, only who, or nothing. Others can read it over your shoulder, and the terminal may keep it.',
    'notify-by':
      'Who shows them. auto: your terminal, where it is known to; else your desktop, but never over SSH. terminal, or one of its ways (osc-99, osc-777, osc-9), where it does not say which it has. desktop runs notify-send, whose text other users of this machine can read for a moment. In a tmux that lets nothing through the bell is what is left.',
    bell: 'Whether a message that you do not see anyway rings.',
    reactions:
      'Whether you are notified when somebody reacts, in conversations that tell you everything. It rings in no case, and nothing counts as unread.',
    'quiet-hours':
      'Hours of the day in which nothing rings and nothing is notified. Others: /dnd 21-6',
    'lock-after': `After so long without a key the screen locks, as ${key('app.lock')} does. Under a passphrase the account is closed then.`,
    theme:
      'Whether the colours are for a dark or a light terminal; auto asks it. A file themes/NAME.toml beside your configuration (sotto config path) is a theme of your own: accent = "#5fafff", dim = 244, bad = "bright-red".',
    colors: 'How many colours the terminal has, where it does not say so itself.',
    keys: `default: as ${key('help.open')} shows. vim: Esc leaves the text for the messages; j k g G move there, i writes. emacs: Ctrl+N, P, F, B, D, K edit, Alt+X is the palette. In the help Enter gives a command another key.`,
  }),
  noSuchValue: {
    receipts: '/receipts on or /receipts off',
    typing: '/typing on or /typing off',
    notify: 'One of: /notify full, /notify name, /notify none',
    'notify-by': 'One of: /notify-by auto, terminal, desktop, osc-99, osc-777, osc-9',
    bell: 'on or off',
    reactions: 'on or off',
    'quiet-hours': 'From one hour to another, or not at all: /dnd 22-7, /dnd off',
    'lock-after': 'Minutes, up to a day; 0 for never',
    theme: 'auto, dark, light, or the name of a theme of your own: small letters, digits, - and _',
    colors: 'One of: auto, truecolor, 256, 16, none',
    keys: 'One of: /keys default, /keys vim, /keys emacs',
  },
  themeFaults: (first, count, key) =>
    count === 1 ? first : `${String(count)} faults, see ${key('settings.open')}. ${first}`,
  themeUnread: (reason) => `${reason}. The colours are as without it.`,
  noSuchRole: (key, roles) => `there is no ${key}. There are: background ${roles}`,
  noSuchColor: (key, names) =>
    `${key} is no colour. A colour is "#rrggbb", a number from 0 to 255, or one of: ${names}`,
  noSuchBackground: 'background is "dark" or "light"',
  value: (name, value) => {
    if (name === 'notify') return { full: 'who and what', name: 'who' }[value] ?? 'nothing'
    if (name === 'quiet-hours' && value !== 'off') return `${value.replace('-', ':00 to ')}:00`
    if (name !== 'lock-after') return value
    return value === '0' ? 'never' : value === '1' ? 'after 1 minute' : `after ${value} minutes`
  },
}
