import { COMMANDS_ENGLISH } from './commands-en.js'
import { HELP_ENGLISH } from './help-en.js'
import { keyColumns } from './key-of.js'
import { LOCK_ENGLISH } from './lock-en.js'
import { MESSAGE_ENGLISH } from './message-en.js'
import { PEOPLE_ENGLISH } from './people-en.js'
import { SETTINGS_ENGLISH } from './settings-en.js'
import type { ScreenWords } from './screen-words.js'

const KEY_NAMES: Readonly<Record<string, string>> = {
  ...{ ctrl: 'Ctrl', alt: 'Alt', shift: 'Shift', escape: 'Esc', enter: 'Enter', tab: 'Tab' },
  ...{ up: 'Up', down: 'Down', left: 'Left', right: 'Right', home: 'Home', end: 'End' },
  ...{ 'page-up': 'PgUp', 'page-down': 'PgDn', space: 'Space', backspace: 'Backspace' },
}

export const SCREEN_ENGLISH: ScreenWords = {
  tooSmall: 'Too small: sotto needs 40 columns and 10 rows.',
  // As wide as the narrowest list.
  nothingHere: {
    all: (key) => [
      'No conversations yet.',
      ...keyColumns([
        [key('conversation.new'), 'somebody new'],
        [key('palette.open'), 'go to, or do'],
        [key('help.open'), 'the keys'],
      ]),
    ],
    unread: (key) => [
      'Nothing is unread.',
      ...keyColumns([
        [key('filter.all'), 'show all'],
        [key('conversation.new'), 'somebody new'],
        [key('everywhere.open'), 'search'],
      ]),
    ],
    groups: (key) => [
      'sotto has none yet.',
      ...keyColumns([
        [key('filter.all'), 'show all'],
        [key('conversation.new'), 'somebody new'],
        [key('palette.open'), 'go to, or do'],
      ]),
    ],
    requests: (key) => [
      'Nobody has asked.',
      ...keyColumns([
        [key('filter.all'), 'show all'],
        [key('conversation.new'), 'write first'],
        ['/invite', 'give a link'],
      ]),
    ],
  },
  noneChosen: (key) => [
    'No conversation is open.',
    ...keyColumns([
      [[key('list.up'), key('list.down'), key('list.open')].join(', '), 'open one from the list'],
      [key('palette.open'), 'go to one by name'],
      [key('help.open'), 'the keys'],
    ]),
  ],
  emptyConversation: (name, key) =>
    `Nothing has been written to ${name} yet. Type, and ${key('composer.send')} sends; ${key('contact.verify')} compares numbers; ${key('help.open')}: the keys.`,
  draft: 'Draft',
  notes: 'Notes to self',
  claimed: (handle) => `? ${handle}`,
  pinned: 'pin',
  muted: 'mute',
  typing: 'typing...',
  replyingTo: (who) => `replying to ${who}`,
  escCancel: 'Esc cancels',
  queued: (count) => `${String(count)} queued`,
  retryIn: (seconds) => `retry in ${String(seconds)} s`,
  unreadConversations: (count) => `${String(count)} unread`,
  filters: { all: 'All', unread: 'New', groups: 'Groups', requests: 'Requests' },
  verified: 'verified',
  notVerified: 'not verified',
  keyHints: {
    composer: [
      { names: ['composer.send'], does: 'send' },
      { names: ['composer.newline'], does: 'newline' },
      { names: ['composer.up'], does: 'select' },
      { names: ['focus.next'], does: 'list' },
      { names: ['palette.open'], does: 'go to' },
      { names: ['help.open'], does: 'keys' },
    ],
    list: [
      { names: ['list.open'], does: 'open' },
      { names: ['filter.all', 'filter.requests'], does: 'filter', between: '-' },
      { names: ['conversation.pin'], does: 'pin' },
      { names: ['conversation.mute'], does: 'mute' },
      { names: ['conversation.archive'], does: 'archive' },
      { names: ['focus.composer'], does: 'back' },
      { names: ['help.open'], does: 'keys' },
    ],
    timeline: [
      { names: ['message.activate'], does: 'menu' },
      { names: ['message.reply'], does: 'reply' },
      { names: ['message.react'], does: 'react' },
      { names: ['message.edit'], does: 'edit' },
      { names: ['message.delete'], does: 'delete' },
      { names: ['message.copy'], does: 'copy' },
      { names: ['message.forward'], does: 'forward' },
      { names: ['search.older'], does: 'next found' },
      { names: ['timeline.escape'], does: 'back' },
      { names: ['help.open'], does: 'keys' },
    ],
  },
  hints: {
    search: MESSAGE_ENGLISH.search.keys,
    completion: 'Tab take  Up Down choose  Esc close',
    overlay: 'Up Down choose  Enter open  Esc close',
  },
  loading: 'loading',
  beginning: 'the conversation begins here',
  paletteTitle: 'Go to, or do',
  paletteGroups: {
    ...{ recent: 'Lately', conversations: 'Conversations', contacts: 'Contacts' },
    ...{ commands: 'Commands', settings: 'Settings', messages: 'Messages' },
  },
  helpTitle: 'Keys and commands',
  help: HELP_ENGLISH,
  contact: 'contact',
  everywhere: {
    title: 'Search all conversations',
    help: 'words  "a phrase"  -not  one OR other  from:@bob  in:@bob  before:7d  after:2026-01-31',
  },
  nothingFound: 'nothing found',
  moreRows: (count) => `${String(count)} more (PgDn)`,
  noticeTitle: 'To be decided',
  nothingToDecide: 'There is nothing to decide here.',
  noticeRest: (how) => `${how} shows all of it`,
  leaveHint: 'Ctrl+C again leaves',
  somebodyReacted: 'a reaction',
  tooLong: (bytesOver) => `Too long by ${String(bytesOver)} bytes: not added.`,
  confirmPaste: (key) =>
    `Long paste: ${key('composer.send')} sends, ${key('composer.expand-paste')} shows it`,
  unknownCommand: (word, key) =>
    `There is no /${word}. ${key('help.open')} shows all; //${word} sends it as text.`,
  notNow: (word) => `/${word} makes no sense here.`,
  chord: (chord) => {
    if (chord.length === 1) return chord
    const [, capital] = /^shift\+(.)$/.exec(chord) ?? []
    if (capital !== undefined) return capital.toUpperCase()
    return chord
      .split('+')
      .map((key) => KEY_NAMES[key] ?? key.toUpperCase())
      .join('+')
  },
  message: MESSAGE_ENGLISH,
  people: PEOPLE_ENGLISH,
  lock: LOCK_ENGLISH,
  settings: SETTINGS_ENGLISH,
  commands: COMMANDS_ENGLISH,
}
